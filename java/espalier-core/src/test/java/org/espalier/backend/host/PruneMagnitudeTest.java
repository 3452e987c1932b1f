/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend.host;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.espalier.sparse.CsrMatrix;
import org.espalier.sparse.Keys;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.ElementType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PruneMagnitudeTest {

  private final HostMemory memory = new HostMemory();

  @Test
  void removesTheSmallestOfBothSignsTogether() {
    assertArrayEquals(new int[] {1, 0, 0, 1, 0}, keep(3, values(-3f, 1f, -2f, 4f, -0.5f))[0]);
  }

  @Test
  void severalLayersArePrunedTogether() {
    assertArrayEquals(
        new int[][] {{0, 0, 1}, {1, 1}, {0, 1}},
        keep(3, values(1f, -2f, 30f), values(10f, 20f), values(3f, -40f)));
  }

  @Test
  void tiesGoInTheOrderOfTheLayersThenInCanonicalOrder() {
    float[] ties = {1f, -1f, 1f};
    assertArrayEquals(new int[][] {{0, 0, 0}, {0, 1, 1}}, keep(4, ties, ties));
    assertArrayEquals(new int[][] {{0, 0, 1}, {1, 1, 1}}, keep(2, ties, ties));
    assertArrayEquals(new int[][] {{0, 0}, {0, 1}}, keep(3, values(0f, -0f), values(-0f, 0f)));
  }

  @Test
  void notANumberGoesLast() {
    float[] values = {Float.NaN, Float.POSITIVE_INFINITY, 1f, -Float.NaN, 0f};
    assertArrayEquals(new int[] {1, 0, 0, 1, 0}, keep(3, values)[0]);
    assertArrayEquals(new int[] {0, 0, 0, 1, 0}, keep(4, values)[0]);
  }

  @Test
  void nothingOrEverythingGoes() {
    assertArrayEquals(new int[][] {{1, 1}, {}, {1}}, keep(0, values(0f, 1f), values(), values(2f)));
    assertArrayEquals(new int[][] {{0, 0}, {}, {0}}, keep(3, values(0f, 1f), values(), values(2f)));
    assertArrayEquals(new int[0][], keep(0));
  }

  @Test
  void moreThanThereIsAndLessThanNothingAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> keep(4, values(1f, 2f), values(3f)));
    assertThrows(IllegalArgumentException.class, () -> keep(-1, values(1f, 2f)));
    try (WorkerPool pool = new WorkerPool(1)) {
      HostTopology topology = new HostTopology(memory, pool);
      List<CsrMatrix> layers = List.of(Layer.row(memory, 1f));
      assertThrows(
          IllegalArgumentException.class, () -> topology.pruneMagnitude(layers, List.of(), 0));
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.001, 0.1, 0.5, 0.77, 1})
  void agreesWithSorting(double fraction) {
    int[] sizes = {5_000, 0, 17, 20_000, 1};
    for (int kind = 0; kind < 4; kind++) {
      float[][] layers = new float[sizes.length][];
      int total = 0;
      for (int layer = 0; layer < sizes.length; layer++) {
        layers[layer] = new float[sizes[layer]];
        total += sizes[layer];
        for (int k = 0; k < sizes[layer]; k++) {
          layers[layer][k] = draw(kind, Keys.hash(layer, k));
        }
      }
      int count = (int) (fraction * total);
      assertArrayEquals(
          PlainTopology.pruneMagnitude(layers, count), keep(count, layers), "kind " + kind);
    }
  }

  /** Spread over many exponents, in a narrow band, of few different values, or special. */
  private static float draw(int kind, long hash) {
    int sign = (int) hash & Integer.MIN_VALUE;
    int random = (int) (hash >>> 40);
    return switch (kind) {
      case 0 -> Float.intBitsToFloat(sign | 0x10000000 + (random << 6));
      case 1 -> Float.intBitsToFloat(sign | 0x3f800000 + random % 1000);
      case 2 -> (random % 7 - 3) * 0.25f;
      default -> random % 3 == 0 ? Float.NaN : Float.intBitsToFloat(sign | random % 5);
    };
  }

  private static float[] values(float... values) {
    return values;
  }

  /** Prunes with teams of several sizes, which have to agree. */
  private int[][] keep(long count, float[]... layers) {
    int[][] first = null;
    for (int threads : new int[] {1, 2, 3}) {
      try (WorkerPool pool = new WorkerPool(threads)) {
        int[][] keep = keep(new HostTopology(memory, pool), count, layers);
        if (first != null) {
          assertArrayEquals(first, keep, threads + " threads");
        }
        first = keep;
      }
    }
    int gone = Arrays.stream(first).flatMapToInt(Arrays::stream).map(flag -> 1 - flag).sum();
    assertEquals(count, gone);
    return first;
  }

  private int[][] keep(HostTopology topology, long count, float[]... layers) {
    List<CsrMatrix> matrices = new ArrayList<>();
    List<DeviceBuffer> keep = new ArrayList<>();
    for (float[] layer : layers) {
      int nnz = layer.length;
      DeviceBuffer rowStart = memory.of(new int[] {0, nnz});
      DeviceBuffer column = memory.of(new int[nnz]); // not looked at
      matrices.add(new CsrMatrix(1, nnz + 1, nnz, rowStart, column, memory.of(layer)));
      keep.add(memory.allocate(ElementType.INT32, nnz));
    }
    topology.pruneMagnitude(matrices, keep, count);
    return keep.stream().map(HostBuffer::ints).toArray(int[][]::new);
  }
}
