/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend.host;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.espalier.sparse.CsrMatrix;
import org.espalier.sparse.Keys;
import org.espalier.sparse.SparseWeights;
import org.espalier.sparse.TransposedCopy;
import org.espalier.sparse.ValueRule;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.ElementType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Layers of many shapes, most of them large enough to be cut into parts, and teams of all sizes.
 */
class TopologyReferenceTest {

  private static final ValueRule NORMAL = new ValueRule(ValueRule.Kind.NORMAL, 0.1f);

  private final HostMemory memory = new HostMemory();

  /**
   * A layer.
   *
   * @param cells canonical positions of its connections
   */
  private record Shape(int rows, int columns, long[] cells) {

    static Shape uniform(int rows, int columns, int count) {
      return new Shape(rows, columns, PlainTopology.draw((long) rows * columns, count, 12));
    }

    /** All connections in two rows far apart, of which the second is full. */
    static Shape twoRows(int rows, int columns) {
      LongStream first = LongStream.range(0, columns / 2).map(c -> columns * 3L + 2 * c);
      LongStream second = LongStream.range(0, columns).map(c -> (rows - 2L) * columns + c);
      return new Shape(rows, columns, LongStream.concat(first, second).toArray());
    }

    int count() {
      return cells.length;
    }

    @Override
    public String toString() {
      return "%d x %d with %d".formatted(rows, columns, count());
    }
  }

  static List<Shape> shapes() {
    return List.of(
        Shape.uniform(1, 200_000, 20_000),
        Shape.uniform(3, 20_000, 20_000),
        Shape.uniform(20_000, 3, 20_000),
        Shape.uniform(100, 200, 20_000),
        Shape.uniform(100, 200, 19_999),
        Shape.uniform(150, 200, 20_000),
        Shape.uniform(500, 400, 0),
        Shape.uniform(5, 7, 20),
        Shape.twoRows(1000, 8_000),
        Shape.uniform(100_000, 100_003, 20_000));
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void randomLayersHoldTheFirstImagesOfThePermutation(Shape shape) {
    // the two rows cannot be drawn: any layer of their size stands in
    Shape drawn = Shape.uniform(shape.rows, shape.columns, shape.count());
    float[] values = new float[drawn.count()];
    for (int k = 0; k < values.length; k++) {
      values[k] = NORMAL.valueAt(5, drawn.cells[k]);
    }
    forEachTeam(
        topology -> {
          CsrMatrix csr = topology.random(drawn.rows, drawn.columns, drawn.count(), 12, NORMAL, 5);
          assertLayer(csr, drawn.cells, values);
          csr.close();
        });
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void pruningTakesTheFirstOfTheValuesSortedByMagnitude(Shape shape) {
    int count = shape.count();
    float[] normal = values(count);
    float[] ties = values(count);
    float[] special = values(count);
    float[] odd = {0f, -0f, Float.NaN, Float.intBitsToFloat(0xffc00000), Float.MIN_VALUE};
    for (int k = 0; k < count; k++) {
      ties[k] = Math.round(ties[k] * 10) * 0.5f;
      special[k] = k % 3 == 0 ? special[k] : odd[k % 7 % odd.length];
    }
    for (float[] values : List.of(normal, ties, special)) {
      CsrMatrix csr = matrix(shape, values);
      DeviceBuffer keep = memory.allocate(ElementType.INT32, count);
      for (double fraction : new double[] {0.3, 0.99}) {
        int[] expected = PlainTopology.prune(values, fraction);
        forEachTeam(
            topology -> {
              int pruned = topology.pruneSignwise(csr, fraction, keep);
              assertArrayEquals(expected, HostBuffer.ints(keep));
              assertEquals(count - Arrays.stream(expected).sum(), pruned);
            });
      }
    }
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void anUpdateIsThatOfTheReference(Shape shape) {
    long size = (long) shape.rows * shape.columns;
    float[][] arrays = {values(shape.count()), values(shape.count()), values(shape.count())};
    for (double fraction : new double[] {0, 0.3, 1}) {
      int[] keep = PlainTopology.prune(arrays[0], fraction);
      int pruned = shape.count() - Arrays.stream(keep).sum();
      int more = (int) Math.min(size - shape.count(), 10_000);
      for (int count : new int[] {0, pruned, pruned + more}) {
        long[] grown = PlainTopology.grow(size, shape.cells, keep, count, 8);
        for (boolean keepRegrown : new boolean[] {false, true}) {
          SortedMap<Long, float[]> expected =
              PlainTopology.rebuild(shape.cells, arrays, keep, grown, NORMAL, 9, keepRegrown);
          forEachTeam(
              topology -> update(topology, shape, arrays, keep, grown, keepRegrown, expected));
        }
      }
    }
    assertEquals(0, memory.liveBuffers());
  }

  private void update(
      HostTopology topology,
      Shape shape,
      float[][] arrays,
      int[] flags,
      long[] grown,
      boolean keepRegrown,
      SortedMap<Long, float[]> expected) {
    SparseWeights weights = new SparseWeights("layer", matrix(shape, arrays[0]), NORMAL);
    weights.addState(memory.of(arrays[1]));
    weights.addState(memory.of(arrays[2]));
    int count = grown.length;
    // longer than need be, with an end that means nothing
    try (DeviceBuffer keep = memory.of(flags);
        DeviceBuffer positions = memory.allocate(ElementType.INT64, count + 3)) {
      topology.growRandom(weights.csr(), keep, count, 8, positions);
      assertArrayEquals(grown, Arrays.copyOf(HostBuffer.longs(positions), count));
      topology.rebuild(weights, keep, positions, count, NORMAL, 9, keepRegrown);
      assertArrayEquals(flags, HostBuffer.ints(keep), "what stays is only read");
    }
    long[] cells = expected.keySet().stream().mapToLong(cell -> cell).toArray();
    assertLayer(weights.csr(), cells, column(expected, 0));
    for (int array = 1; array < arrays.length; array++) {
      DeviceBuffer state = weights.state().get(array - 1);
      assertArrayEquals(column(expected, array), memory.floats(state, cells.length));
    }
    weights.close();
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void theTransposedCopyIsSortedByColumnAndThenByRow(Shape shape) {
    int count = shape.count();
    float[] values = values(count);
    Integer[] order = IntStream.range(0, count).boxed().toArray(Integer[]::new);
    Arrays.sort(order, Comparator.comparing(k -> shape.cells[k] % shape.columns));
    long[] cells = new long[count];
    float[] moved = new float[count];
    int[] slot = new int[count];
    for (int at = 0; at < count; at++) {
      long cell = shape.cells[order[at]];
      cells[at] = cell % shape.columns * shape.rows + cell / shape.columns;
      moved[at] = values[order[at]];
      slot[order[at]] = at;
    }
    CsrMatrix csr = matrix(shape, values);
    forEachTeam(
        topology -> {
          try (TransposedCopy copy = topology.transpose(csr)) {
            assertLayer(copy.csr(), cells, moved);
            assertArrayEquals(slot, HostBuffer.ints(copy.slot()));
          }
        });
  }

  private void forEachTeam(Consumer<HostTopology> check) {
    for (int threads : new int[] {1, 2, 3, 5}) {
      try (WorkerPool pool = new WorkerPool(threads)) {
        check.accept(new HostTopology(memory, pool));
      }
    }
  }

  private static float[] values(int count) {
    float[] values = new float[count];
    for (int k = 0; k < count; k++) {
      values[k] = NORMAL.valueAt(Keys.of(3, count), k);
    }
    return values;
  }

  private static float[] column(SortedMap<Long, float[]> connections, int array) {
    float[] column = new float[connections.size()];
    int k = 0;
    for (float[] connection : connections.values()) {
      column[k++] = connection[array];
    }
    return column;
  }

  private CsrMatrix matrix(Shape shape, float[] values) {
    int[] rowStart = new int[shape.rows + 1];
    for (long cell : shape.cells) {
      rowStart[(int) (cell / shape.columns) + 1]++;
    }
    Arrays.parallelPrefix(rowStart, Integer::sum);
    int[] column = Arrays.stream(shape.cells).mapToInt(c -> (int) (c % shape.columns)).toArray();
    return new CsrMatrix(
        shape.rows,
        shape.columns,
        shape.count(),
        memory.of(rowStart),
        memory.of(column),
        memory.of(values));
  }

  private void assertLayer(CsrMatrix csr, long[] cells, float[] values) {
    int[] rowStart = HostBuffer.ints(csr.rowStart());
    int[] column = HostBuffer.ints(csr.column());
    long[] found = new long[csr.nnz()];
    for (int row = 0; row < csr.rows(); row++) {
      for (int k = rowStart[row]; k < rowStart[row + 1]; k++) {
        found[k] = (long) row * csr.columns() + column[k];
      }
    }
    assertEquals(csr.nnz(), rowStart[csr.rows()]);
    assertArrayEquals(cells, found);
    assertArrayEquals(values, memory.floats(csr.values(), csr.nnz()));
  }
}
