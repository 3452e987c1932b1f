/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend.host;

import java.util.Arrays;

/**
 * Marks the smallest positive values and, separately, the negative ones nearest to zero, exactly. A
 * histogram over the highest bits of the floats (those of non-negative floats order like the
 * floats) settles all but the few values that share these bits with the last one to go. They are
 * listed, and two more histograms find that last one; of those equal to it the first ones go.
 *
 * <p>Every part counts and marks a fixed range of the connections; counts are added in the order of
 * the parts, so that ties are settled in canonical order.
 */
final class SignwisePrune {

  // a key has 32 bits: 12 (sign and the highest 11 of the magnitude), then 10, then 10; so the
  // histograms stay in the first-level cache
  private static final int FINE_BITS = 10;
  private static final int FINE = 1 << FINE_BITS;
  private static final int COARSE_SHIFT = 2 * FINE_BITS;
  private static final int COARSE = 1 << 31 - COARSE_SHIFT;

  private final WorkerPool pool;
  private final float[] values;
  private final int nnz;
  private final int parts;
  private final int[][] histograms; // of each part: positive, then negative values
  private final int[][] undecided; // of each part: connections, ascending

  /** For positive, then for negative values: the highest bits of the key of the last to go. */
  private final int[] last = {0, 1};

  /** How many go of the values with these bits; for either sign. */
  private final long[] wanted = new long[2];

  /**
   * Prepares to prune.
   *
   * @param values array of a {@link HostBuffer} that holds {@code nnz} values
   */
  SignwisePrune(WorkerPool pool, float[] values, int nnz) {
    this.pool = pool;
    this.values = values;
    this.nnz = nnz;
    this.parts = Parts.of(pool, nnz);
    this.histograms = new int[parts][];
    this.undecided = new int[parts][];
  }

  /**
   * Writes 1 for each value that stays and 0 for each that goes.
   *
   * @param fraction of either sign that goes, in [0, 1], rounded down to a whole number
   * @return how many go
   */
  int mark(double fraction, int[] flags) {
    pool.run(parts, (part, worker) -> histograms[part] = coarse(from(part), from(part + 1)));
    long negatives = 0;
    for (int[] histogram : histograms) {
      negatives += Arrays.stream(histogram, COARSE, 2 * COARSE).sum();
    }
    wanted[0] = (long) Math.floor(fraction * (nnz - negatives));
    wanted[1] = (long) Math.floor(fraction * negatives);
    long pruned = wanted[0] + wanted[1];
    narrow(COARSE);
    pool.run(
        parts,
        (part, worker) -> {
          undecided[part] = decide(from(part), from(part + 1), flags);
          histograms[part] = fine(undecided[part], FINE_BITS);
        });
    narrow(FINE);
    pool.run(parts, (part, worker) -> histograms[part] = fine(undecided[part], 0));
    narrow(FINE);
    int[][] ties = shareTies();
    pool.run(parts, (part, worker) -> settle(undecided[part], ties[part], flags));
    return (int) pruned;
  }

  private int from(int part) {
    return Parts.start(nnz, part, parts);
  }

  /** Returns the bits of the value; zero and NaN count as positive. */
  private static int key(float value) {
    int bits = Float.floatToRawIntBits(value);
    return bits == Integer.MIN_VALUE || value != value ? bits & Integer.MAX_VALUE : bits;
  }

  private int[] coarse(int from, int to) {
    float[] array = values;
    int[] histogram = new int[2 * COARSE];
    for (int k = HostBuffer.BASE + from; k < HostBuffer.BASE + to; k++) {
      histogram[key(array[k]) >>> COARSE_SHIFT]++;
    }
    return histogram;
  }

  /** Appends to the bits of the last key that goes its next digit. */
  private void narrow(int digits) {
    for (int sign = 0; sign < 2; sign++) {
      int digit = 0;
      for (; digit < digits - 1; digit++) {
        int there = 0;
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
  private int[] decide(int from, int to, int[] flags) {
    float[] array = values;
    int positive = last[0] << COARSE_SHIFT;
    int negative = last[1] << COARSE_SHIFT & Integer.MAX_VALUE;
    int[] list = new int[64];
    int listed = 0;
    for (int k = from; k < to; k++) {
      int key = key(array[HostBuffer.BASE + k]);
      int sign = key >> 31;
      int distance = (key & Integer.MAX_VALUE) - (positive & ~sign | negative & sign);
      flags[k] = (distance >>> 31) ^ 1;
      if (distance >>> COARSE_SHIFT == 0) {
        if (listed == list.length) {
          list = Arrays.copyOf(list, (int) Math.min(2L * listed, to - from));
        }
        list[listed++] = k;
      }
    }
    return Arrays.copyOf(list, listed);
  }

  /** Counts the digit at {@code shift} of the listed keys that begin with the known bits. */
  private int[] fine(int[] list, int shift) {
    int[] histogram = new int[2 * FINE];
    for (int k : list) {
      int key = key(values[HostBuffer.BASE + k]);
      int sign = key >>> 31;
      if (key >>> shift + FINE_BITS == last[sign]) {
        histogram[sign * FINE + (key >>> shift & FINE - 1)]++;
      }
    }
    return histogram;
  }

  /** Returns for each part how many of its positive and negative ties with the last key go. */
  private int[][] shareTies() {
    int[][] ties = new int[parts][2];
    for (int part = 0; part < parts; part++) {
      for (int sign = 0; sign < 2; sign++) {
        int there = histograms[part][sign * FINE + (last[sign] & FINE - 1)];
        ties[part][sign] = (int) Math.min(wanted[sign], there);
        wanted[sign] -= ties[part][sign];
      }
    }
    return ties;
  }

  /** Marks the listed values. */
  private void settle(int[] list, int[] ties, int[] flags) {
    for (int k : list) {
      int key = key(values[HostBuffer.BASE + k]);
      int sign = key >>> 31;
      // two keys with one sign: the difference cannot overflow
      int distance = key - last[sign];
      if (distance < 0 || distance == 0 && ties[sign]-- > 0) {
        flags[k] = 0;
      }
    }
  }
}
