/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend.host;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.espalier.sparse.CsrMatrix;
import org.espalier.sparse.Keys;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.ElementType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PruneSignwiseTest {

  private final HostMemory memory = new HostMemory();
  private final WorkerPool pool = new WorkerPool(2);
  private final HostTopology topology = new HostTopology(memory, pool);

  @Test
  void removesTheSmallestOfEachSignSeparately() {
    assertArrayEquals(
        new int[] {1, 0, 1, 0, 1, 0, 1, 0}, keep(0.5, 4f, 1f, 3f, 2f, -40f, -10f, -30f, -20f));
  }

  @Test
  void countsAreFlooredForEachSign() {
    // 0.5 * 3 positive and 0.5 * 1 negative values
    assertArrayEquals(new int[] {0, 1, 1, 1}, keep(0.5, 1f, 2f, 3f, -1f));
  }

  @Test
  void tiesGoInCanonicalOrder() {
    assertArrayEquals(new int[] {0, 0, 1, 1}, keep(0.5, 1f, 1f, 1f, 1f));
    assertArrayEquals(new int[] {0, 0, 1, 1}, keep(0.5, -1f, -1f, -1f, -1f));
    assertArrayEquals(new int[] {1, 0, 0, 1, 1}, keep(0.5, 2f, 1f, 1.5f, 1.5f, 9f));
  }

  @Test
  void zerosOfEitherSignCountAsPositive() {
    assertArrayEquals(new int[] {0, 1, 1, 1}, keep(0.34, -0f, 0f, 1f, -1f));
    assertArrayEquals(new int[] {1, 0, 1, 0}, keep(0.5, 5f, 0f, 6f, -0f));
  }

  @Test
  void nothingOrEverythingGoes() {
    assertArrayEquals(new int[] {1, 1, 1}, keep(0, 0f, 1f, -1f));
    assertArrayEquals(new int[] {0, 0, 0}, keep(1, 0f, 1f, -1f));
    assertArrayEquals(new int[0], keep(0.5));
  }

  @Test
  void aFractionOutsideZeroToOneIsRefused() {
    for (double fraction : new double[] {-0.1, 1.1, Double.NaN}) {
      assertThrows(IllegalArgumentException.class, () -> keep(fraction, 1f, 2f));
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.001, 0.1, 0.3, 0.5, 0.77, 0.999, 1})
  void agreesWithSorting(double fraction) {
    int n = 3001;
    // spread over many exponents, in narrow bands, and coarse enough to tie
    IntFunction<float[]> spread = seed -> values(n, i -> signed(seed, i, 1e-20f, 1e20f));
    IntFunction<float[]> narrow = seed -> values(n, i -> signed(seed, i, 1f, 1.001f));
    IntFunction<float[]> coarse =
        seed -> values(n, i -> (int) (Keys.hash(seed, i) >>> 61) * 0.25f - 0.75f);
    IntFunction<float[]> tiny =
        seed -> values(n, i -> Float.intBitsToFloat((int) (Keys.hash(seed, i) >>> 58)));
    int seed = 1;
    for (IntFunction<float[]> kind : List.of(spread, narrow, coarse, tiny)) {
      float[] values = kind.apply(seed++);
      assertArrayEquals(bySorting(values, fraction), keep(fraction, values));
    }
  }

  private static float[] values(int n, IntFunction<Float> value) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = value.apply(i);
    }
    return values;
  }

  private static float signed(long seed, int index, float least, float most) {
    double share = (Keys.hash(seed, index) >>> 11) * 0x1p-53;
    double magnitude = least * Math.pow(most / (double) least, share);
    return (float) ((Keys.hash(seed, index) & 1) == 0 ? magnitude : -magnitude);
  }

  private static int[] bySorting(float[] values, double fraction) {
    int[] keep = new int[values.length];
    Arrays.fill(keep, 1);
    for (boolean negative : new boolean[] {false, true}) {
      int[] group =
          IntStream.range(0, values.length).filter(k -> values[k] < 0 == negative).toArray();
      Arrays.stream(group)
          .boxed()
          .sorted(
              Comparator.comparingDouble((Integer k) -> Math.abs(values[k])).thenComparing(k -> k))
          .limit((long) Math.floor(fraction * group.length))
          .forEach(k -> keep[k] = 0);
    }
    return keep;
  }

  private int[] keep(double fraction, float... values) {
    CsrMatrix csr = Layer.row(memory, values);
    DeviceBuffer keep = memory.allocate(ElementType.INT32, values.length);
    int pruned = topology.pruneSignwise(csr, fraction, keep);
    int[] flags = memory.ints(keep, values.length);
    assertEquals(Arrays.stream(flags).filter(flag -> flag == 0).count(), pruned);
    return flags;
  }
}
