/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend.host;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Marks values nearest to zero, exactly: of all values together, or the positive and, separately,
 * the negative ones. A histogram over the highest bits of the floats (those of non-negative floats
 * order like the floats) settles all but the few values that share these bits with the last one to
 * go. They are listed, and two more histograms find that last one; of those equal to it the first
 * ones go.
 *
 * <p>Every part counts and marks a fixed range of the connections of one layer; counts are added in
 * the order of the parts, so that ties are settled in the order of the layers, then in canonical
 * order.
 */
final class SmallestValues {

  // a key has 32 bits: 12 (sign and the highest 11 of the magnitude), then 10, then 10; so the
  // histograms stay in the first-level cache
  private static final int FINE_BITS = 10;
  private static final int FINE = 1 << FINE_BITS;
  private static final int COARSE_SHIFT = 2 * FINE_BITS;
  private static final int COARSE = 1 << 31 - COARSE_SHIFT;

  /** Bits of a key when the two signs are told apart. */
  private static final int WITH_SIGN = -1;

  /** Bits of a key when all values are of one kind, counted with the positive ones. */
  private static final int MAGNITUDE = Integer.MAX_VALUE;

  private final WorkerPool pool;
  private final List<Part> parts;
  private final int bits;
  private final int[][] histograms; // of each part: positive, then negative values
  private final int[][] undecided; // of each part: connections, ascending

  /** For positive, then for negative values: the highest bits of the key of the last to go. */
  private final int[] last = {0, 1};

  /** How many go of the values with these bits; for either sign. */
  private final long[] wanted = new long[2];

  /**
   * A layer to prune.
   *
   * @param values array of a {@link HostBuffer} that holds {@code nnz} values
   * @param flags overwritten: 1 for each value that stays and 0 for each that goes
   */
  record Layer(float[] values, int nnz, int[] flags) {}

  /** Some connections of a layer. */
  private record Part(Layer layer, int from, int to) {}

  private SmallestValues(WorkerPool pool, List<Layer> layers, int bits) {
    this.pool = pool;
    this.parts = new ArrayList<>();
    for (Layer layer : layers) {
      int count = Parts.of(pool, layer.nnz());
      for (int part = 0; part < count; part++) {
        int from = Parts.start(layer.nnz(), part, count);
        parts.add(new Part(layer, from, Parts.start(layer.nnz(), part + 1, count)));
      }
    }
    this.bits = bits;
    this.histograms = new int[parts.size()][];
    this.undecided = new int[parts.size()][];
  }

  /**
   * Marks the smallest positive values and, separately, the negative ones nearest to zero.
   *
   * @param fraction of either sign that goes, in [0, 1], rounded down to a whole number
   * @return how many go
   */
  static int markSignwise(WorkerPool pool, Layer layer, double fraction) {
    SmallestValues selection = new SmallestValues(pool, List.of(layer), WITH_SIGN);
    selection.countCoarse();
    long negatives = 0;
    for (int[] histogram : selection.histograms) {
      negatives += Arrays.stream(histogram, COARSE, 2 * COARSE).sum();
    }
    selection.wanted[0] = (long) Math.floor(fraction * (layer.nnz() - negatives));
    selection.wanted[1] = (long) Math.floor(fraction * negatives);
    long pruned = selection.wanted[0] + selection.wanted[1];
    selection.mark();
    return (int) pruned;
  }

  /** Marks {@code count} values of all layers together, of which there are at least as many. */
  static void markMagnitudes(WorkerPool pool, List<Layer> layers, long count) {
    SmallestValues selection = new SmallestValues(pool, layers, MAGNITUDE);
    selection.countCoarse();
    selection.wanted[0] = count;
    selection.mark();
  }

  private void countCoarse() {
    pool.run(parts.size(), (part, worker) -> histograms[part] = coarse(parts.get(part), bits));
  }

  private void mark() {
    narrow(COARSE);
    pool.run(
        parts.size(),
        (part, worker) -> {
          undecided[part] = decide(parts.get(part));
          histograms[part] = fine(part, FINE_BITS);
        });
    narrow(FINE);
    pool.run(parts.size(), (part, worker) -> histograms[part] = fine(part, 0));
    narrow(FINE);
    int[][] ties = shareTies();
    pool.run(parts.size(), (part, worker) -> settle(part, ties[part]));
  }

  /** Returns those bits of the value; zero and NaN count as positive. */
  private static int key(float value, int bits) {
    int raw = Float.floatToRawIntBits(value);
    return (raw == Integer.MIN_VALUE || value != value ? raw & Integer.MAX_VALUE : raw) & bits;
  }

  private static int[] coarse(Part part, int bits) {
    float[] array = part.layer().values();
    int[] histogram = new int[2 * COARSE];
    int end = HostBuffer.BASE + part.to();
    for (int k = HostBuffer.BASE + part.from(); k < end; k++) {
      histogram[key(array[k], bits) >>> COARSE_SHIFT]++;
    }
    return histogram;
  }

  /** Appends to the bits of the last key that goes its next digit. */
  private void narrow(int digits) {
    for (int sign = 0; sign < 2; sign++) {
      int digit = 0;
      for (; digit < digits - 1; digit++) {
        long there = 0;
        for (int[] histogram : histograms) {
          there += histogram[sign * digits + digit];
        }
        if (wanted[sign] <= there) {
          break;
        }
        wanted[sign] -= there;
      }
      last[sign] = last[sign] * digits + digit;
    }
  }

  /** Marks values, those that cannot be told yet as staying, and returns the list of these. */
  private int[] decide(Part part) {
    float[] array = part.layer().values();
    int[] flags = part.layer().flags();
    int known = bits;
    int positive = last[0] << COARSE_SHIFT;
    int negative = last[1] << COARSE_SHIFT & Integer.MAX_VALUE;
    int[] list = new int[64];
    int listed = 0;
    for (int k = part.from(); k < part.to(); k++) {
      int key = key(array[HostBuffer.BASE + k], known);
      int sign = key >> 31;
      int distance = (key & Integer.MAX_VALUE) - (positive & ~sign | negative & sign);
      flags[k] = (distance >>> 31) ^ 1;
      if (distance >>> COARSE_SHIFT == 0) {
        if (listed == list.length) {
          list = Arrays.copyOf(list, (int) Math.min(2L * listed, part.to() - part.from()));
        }
        list[listed++] = k;
      }
    }
    return Arrays.copyOf(list, listed);
  }

  /** Counts the digit at {@code shift} of the listed keys that begin with the known bits. */
  private int[] fine(int part, int shift) {
    float[] values = parts.get(part).layer().values();
    int[] histogram = new int[2 * FINE];
    for (int k : undecided[part]) {
      int key = key(values[HostBuffer.BASE + k], bits);
      int sign = key >>> 31;
      if (key >>> shift + FINE_BITS == last[sign]) {
        histogram[sign * FINE + (key >>> shift & FINE - 1)]++;
      }
    }
    return histogram;
  }

  /** Returns for each part how many of its positive and negative ties with the last key go. */
  private int[][] shareTies() {
    int[][] ties = new int[parts.size()][2];
    for (int part = 0; part < ties.length; part++) {
      for (int sign = 0; sign < 2; sign++) {
        int there = histograms[part][sign * FINE + (last[sign] & FINE - 1)];
        ties[part][sign] = (int) Math.min(wanted[sign], there);
        wanted[sign] -= ties[part][sign];
      }
    }
    return ties;
  }

  /** Marks the listed values. */
  private void settle(int part, int[] ties) {
    Layer layer = parts.get(part).layer();
    for (int k : undecided[part]) {
      int key = key(layer.values()[HostBuffer.BASE + k], bits);
      int sign = key >>> 31;
      // two keys with one sign: the difference cannot overflow
      int distance = key - last[sign];
      if (distance < 0 || distance == 0 && ties[sign]-- > 0) {
        layer.flags()[k] = 0;
      }
    }
  }
}
