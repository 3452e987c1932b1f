/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend.host;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.function.LongFunction;
import java.util.stream.LongStream;
import org.espalier.sparse.CsrMatrix;
import org.espalier.sparse.Keys;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.ElementType;
import org.espalier.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GrowGradientTest {

  private final HostMemory memory = new HostMemory();

  /**
   * A layer in which every third cell of {@code nnz} first ones of a random order survives.
   *
   * @param positions of the batch
   */
  record Shape(int rows, int columns, int nnz, int positions) {

    long cells() {
      return (long) rows * columns;
    }

    long[] connections() {
      return PlainTopology.draw(cells(), nnz, 21);
    }

    int[] keep() {
      int[] keep = new int[nnz];
      Arrays.setAll(keep, k -> Keys.hash(9, k) % 3 == 0 ? 0 : 1);
      return keep;
    }
  }

  static List<Shape> shapes() {
    return List.of(
        new Shape(1, 1, 0, 1),
        new Shape(1, 1, 1, 3),
        new Shape(3, 5, 7, 0),
        new Shape(1, 700, 200, 17),
        new Shape(700, 1, 200, 16),
        new Shape(129, 257, 5000, 3),
        new Shape(128, 256, 128 * 256, 4),
        new Shape(37, 53, 0, 21),
        new Shape(300, 310, 9_000, 35));
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void agreesWithSorting(Shape shape) {
    for (LongFunction<Float> kind : kinds()) {
      float[][] x = matrix(shape.columns, shape.positions, 1, kind);
      float[][] dy = matrix(shape.rows, shape.positions, 2, kind);
      long[] connections = shape.connections();
      int[] keep = shape.keep();
      TreeSet<Long> taken = new TreeSet<>();
      for (int k = 0; k < keep.length; k++) {
        if (keep[k] == 1) {
          taken.add(connections[k]);
        }
      }
      int free = (int) shape.cells() - taken.size();
      for (int count : new int[] {0, 1, free / 50, free / 3, free - 1, free}) {
        if (count >= 0 && count <= free) {
          long[] expected = PlainTopology.growGradient(x, dy, taken, count);
          assertArrayEquals(expected, grown(shape, connections, keep, x, dy, count));
        }
      }
    }
  }

  /** Real numbers, small integers, integers that are mostly 0, and numbers that are very alike. */
  private static List<LongFunction<Float>> kinds() {
    return List.of(
        hash -> (hash >> 40) * 0x1p-23f,
        hash -> (float) (hash % 4),
        hash -> hash % 9 == 0 ? (float) (hash % 27) / 9 : 0f,
        hash -> 1 + (hash >>> 62) * 0x1p-20f);
  }

  private static float[][] matrix(int rows, int columns, long key, LongFunction<Float> value) {
    float[][] matrix = new float[rows][columns];
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        matrix[r][c] = value.apply(Keys.hash(Keys.of(key, r), c));
      }
    }
    return matrix;
  }

  @Test
  void equalGradientsGrowInCanonicalOrderHoweverMany() {
    // far more ties than candidates are listed
    Shape shape = new Shape(500, 600, 1000, 2);
    long[] connections = shape.connections();
    int[] keep = new int[1000];
    Arrays.fill(keep, 1);
    float[][] x = new float[600][2];
    float[][] dy = new float[500][2];
    x[7][0] = 1;
    dy[400][0] = 2; // one cell has a gradient, all others none
    for (int count : new int[] {2, 70_000, 299_000}) {
      TreeSet<Long> taken = new TreeSet<>();
      LongStream.of(connections).forEach(taken::add);
      long[] expected = PlainTopology.growGradient(x, dy, taken, count);
      assertArrayEquals(expected, grown(shape, connections, keep, x, dy, count));
    }
  }

  @Test
  void notANumberGrowsFirst() {
    Shape shape = new Shape(2, 3, 0, 1);
    float[][] x = {{1}, {Float.NaN}, {Float.POSITIVE_INFINITY}};
    float[][] dy = {{5}, {Float.intBitsToFloat(0xffc00001)}};
    // row 0: 5, NaN, infinity; row 1: NaN everywhere
    long[][] expected = {{1}, {1, 3}, {1, 3, 4}, {1, 3, 4, 5}, {1, 2, 3, 4, 5}};
    for (int count = 1; count <= expected.length; count++) {
      assertArrayEquals(expected[count - 1], grown(shape, new long[0], new int[0], x, dy, count));
    }
  }

  @Test
  void moreThanThereAreFreeCellsIsRefused() {
    Shape shape = new Shape(2, 2, 3, 1);
    float[][] ones = {{1}, {1}};
    long[] connections = {0, 1, 3};
    IllegalArgumentException failure =
        assertThrows(
            IllegalArgumentException.class,
            () -> grown(shape, connections, new int[] {1, 0, 1}, ones, ones, 3));
    assertTrue(failure.getMessage().contains("3 connections"), failure.getMessage());
  }

  @Test
  void tensorsOfAnotherShapeAreRefused() {
    Shape shape = new Shape(2, 2, 0, 1);
    float[][] two = {{1}, {1}};
    float[][] three = {{1}, {1}, {1}};
    float[][] longer = {{1, 2}, {1, 2}};
    for (float[][][] wrong : new float[][][][] {{two, three}, {three, two}, {two, longer}}) {
      assertThrows(
          IllegalArgumentException.class,
          () -> grown(shape, new long[0], new int[0], wrong[0], wrong[1], 1));
    }
  }

  /** Grows with teams of several sizes, which have to agree. */
  private long[] grown(
      Shape shape, long[] connections, int[] keep, float[][] x, float[][] dy, int count) {
    int[] rowStart = new int[shape.rows + 1];
    for (long cell : connections) {
      rowStart[(int) (cell / shape.columns) + 1]++;
    }
    Arrays.parallelPrefix(rowStart, Integer::sum);
    int[] column = LongStream.of(connections).mapToInt(c -> (int) (c % shape.columns)).toArray();
    long[] first = null;
    try (CsrMatrix csr =
            new CsrMatrix(
                shape.rows,
                shape.columns,
                connections.length,
                memory.of(rowStart),
                memory.of(column),
                memory.of(new float[connections.length]));
        DeviceBuffer flags = memory.of(keep);
        DeviceBuffer positions = memory.allocate(ElementType.INT64, count + 2)) {
      for (int threads : new int[] {1, 2, 3}) {
        try (WorkerPool pool = new WorkerPool(threads)) {
          long[] target = HostBuffer.longs(positions);
          Arrays.fill(target, -1);
          new HostTopology(memory, pool)
              .growGradient(csr, flags, tensor(x), tensor(dy), count, positions);
          if (first != null) {
            assertArrayEquals(first, target, threads + " threads");
          }
          first = target.clone();
        }
      }
    }
    assertEquals(-1, first[count], "beyond the count");
    return Arrays.copyOf(first, count);
  }

  /** Returns a tensor in the middle of its buffer, with NaN around it. */
  private Tensor tensor(float[][] rows) {
    int positions = rows[0].length;
    int stride = Tensor.strideFor(positions) + Tensor.ROW_ALIGNMENT;
    float[] all = new float[(rows.length + 2) * stride];
    Arrays.fill(all, Float.NaN);
    for (int r = 0; r < rows.length; r++) {
      System.arraycopy(rows[r], 0, all, (r + 1) * stride, positions);
    }
    return new Tensor(memory.of(all), stride, rows.length, positions, stride);
  }
}
