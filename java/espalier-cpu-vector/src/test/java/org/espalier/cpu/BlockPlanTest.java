/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.espalier.backend.Epilogue;
import org.espalier.backend.Memory;
import org.espalier.backend.host.WorkerPool;
import org.espalier.sparse.CsrMatrix;
import org.espalier.sparse.Keys;
import org.espalier.sparse.SparseWeights;
import org.espalier.sparse.ValueRule;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.ElementType;
import org.espalier.tensor.Tensor;
import org.espalier.topology.PruneAndGrow;
import org.espalier.topology.TopologyMemory;
import org.espalier.topology.TopologyUpdate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Visiting connections block by block changes the order of the work and nothing else. */
class BlockPlanTest {

  private static final int ROWS = 70;
  private static final int COLUMNS = 1030;
  private static final int NNZ = 7001;
  private static final int STRIDE = 128;
  private static final ValueRule INITIAL = new ValueRule(ValueRule.Kind.NORMAL, 0.3f);

  private final VectorBackend backend = new VectorBackend(2);
  private final Memory memory = backend.memory();
  private final WorkerPool pool = new WorkerPool(2);

  @AfterEach
  void close() {
    backend.close();
    pool.close();
  }

  @ParameterizedTest
  @CsvSource({"1,1", "1,4", "4,4", "7,5", "200,3"})
  void holdsEveryConnectionOnceInItsPanelRowAndBlock(int panels, int blocks) {
    int[] rowStart = {0, 0, 700, 700, 701, 1300, 1300};
    int[] column = new int[1300];
    for (int row = 0; row < 6; row++) {
      for (int k = rowStart[row]; k < rowStart[row + 1]; k++) {
        column[k] = k - rowStart[row] + (row == 4 ? 400 : 0);
      }
    }
    DeviceBuffer values = memory.allocate(ElementType.FLOAT32, 1300);
    try (CsrMatrix pattern =
        new CsrMatrix(6, COLUMNS, 1300, memory.of(rowStart), memory.of(column), values)) {
      BlockPlan plan = BlockPlanner.plan(pool, pattern, STRIDE, panels, blocks);
      int width = (COLUMNS + blocks - 1) / blocks;
      int[] seen = new int[1300];
      for (int panel = 0; panel < panels; panel++) {
        int firstRow = plan.visit()[plan.panelAt(panel)];
        for (int s = plan.firstSegment()[panel]; s < plan.firstSegment()[panel + 1]; s++) {
          int segment = s - plan.firstSegment()[panel];
          int block = segment / plan.rows(panel);
          int at = plan.segmentAt()[s];
          int row = plan.visit()[at];
          assertEquals(firstRow + segment % plan.rows(panel), row);
          assertEquals(plan.segmentAt()[s + 1], plan.visit()[at + 1]);
          int entry = plan.panelStart()[panel] + plan.entry(at);
          for (int p = at + BlockPlan.HEAD; p < plan.visit()[at + 1]; p++, entry++) {
            seen[entry]++;
            assertEquals(block, column[entry] / width);
            assertEquals(column[entry] * STRIDE, plan.visit()[p]);
            assertTrue(rowStart[row] <= entry && entry < rowStart[row + 1], "entry " + entry);
          }
        }
      }
      assertArrayEquals(filled(1300), seen);
    }
  }

  @Test
  void aPanelAloneHasEveryRowToo() {
    DeviceBuffer values = memory.allocate(ElementType.FLOAT32, 2);
    int[] rowStart = {0, 0, 1, 1, 2, 2};
    try (CsrMatrix pattern =
        new CsrMatrix(5, 9, 2, memory.of(rowStart), memory.of(new int[] {8, 0}), values)) {
      BlockPlan plan = BlockPlanner.plan(pool, pattern, STRIDE, 1, 3);
      assertEquals(5, plan.rows(0));
      // Row by row in block 0, in 1 and in 2: what row 3 reads of column 0 comes first.
      assertArrayEquals(
          new int[] {0, 3, 6, 9, 13, 16, 19, 22, 25, 28, 31, 34, 38, 41, 44, 47}, plan.segmentAt());
      assertEquals(0, plan.visit()[12]);
      assertEquals(8 * STRIDE, plan.visit()[37]);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 112, 300})
  void productsHaveTheBitsOfSumsInTheOrderOfTheRow(int positions) {
    Tensor x = tensor(COLUMNS, positions, 1);
    float[] in = memory.floats(x.buffer(), COLUMNS * x.stride());
    float[] biases = memory.floats(tensor(1, ROWS, 4).buffer(), ROWS);
    try (CsrMatrix weights = pattern(3);
        DeviceBuffer bias = memory.of(biases)) {
      assertTrue(new SpmmPlans(pool).of(weights, x.stride()).blocks() > 1);
      Tensor y = tensor(ROWS, positions, 2);
      backend.sparse().spmm(weights, bias, x, y, Epilogue.NONE);
      float[] out = memory.floats(y.buffer(), ROWS * y.stride());
      int[] rowStart = memory.ints(weights.rowStart(), ROWS + 1);
      int[] column = memory.ints(weights.column(), NNZ);
      float[] value = memory.floats(weights.values(), NNZ);
      for (int row = 0; row < ROWS; row++) {
        for (int p = 0; p < positions; p++) {
          float sum = biases[row];
          for (int k = rowStart[row]; k < rowStart[row + 1]; k++) {
            sum = Math.fma(value[k], in[column[k] * x.stride() + p], sum);
          }
          assertEquals(sum, out[row * y.stride() + p], "row " + row + ", position " + p);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 112, 300})
  void gradientsHaveTheBitsOfProductsOfOneBlock(int positions) {
    Tensor x = tensor(COLUMNS, positions, 1);
    Tensor dy = tensor(ROWS, positions, 2);
    try (CsrMatrix pattern = pattern(3)) {
      assertTrue(new SddmmPlans(pool).of(pattern, x.stride()).blocks() > 1);
      float[] planned = gradients(backend, pattern, x, dy);
      int[] rowStart = memory.ints(pattern.rowStart(), ROWS + 1);
      int[] column = memory.ints(pattern.column(), NNZ);
      for (int row = 0; row < ROWS; row++) {
        for (int c0 = 0; c0 < COLUMNS; c0 += 103) {
          int from = position(rowStart, column, row, c0);
          int to = position(rowStart, column, row, c0 + 103);
          float[] expected = oneRow(column, from, to, c0, rows(x, c0, 103), rows(dy, row, 1));
          assertArrayEquals(expected, Arrays.copyOfRange(planned, from, to));
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 300})
  void gradientsOfLongPanelsHaveTheBitsOfTheirRowsAlone(int positions) {
    int rows = 1500;
    Tensor x = tensor(COLUMNS, positions, 1);
    Tensor dy = tensor(rows, positions, 2);
    try (CsrMatrix pattern = backend.topology().random(rows, COLUMNS, 24_003, 5, INITIAL, 6);
        DeviceBuffer gradient = memory.allocate(ElementType.FLOAT32, 24_100)) {
      BlockPlan plan = new SddmmPlans(pool).of(pattern, x.stride());
      assertEquals(1, plan.blocks());
      assertTrue(plan.largestPanel() > 2048, "a panel of one stretch");
      memory.fill(gradient, 0, 24_100, 8);
      backend.sparse().sddmm(pattern, x, dy, gradient, null);
      float[] all = memory.floats(gradient, 24_100);
      int[] rowStart = memory.ints(pattern.rowStart(), rows + 1);
      int[] column = memory.ints(pattern.column(), 24_003);
      for (int row = 0; row < rows; row++) {
        int from = rowStart[row];
        int to = rowStart[row + 1];
        assertArrayEquals(
            oneRow(column, from, to, 0, x, rows(dy, row, 1)), Arrays.copyOfRange(all, from, to));
      }
      for (int behind = 24_003; behind < 24_100; behind++) {
        assertEquals(8, all[behind]);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void theNumberOfThreadsDoesNotChangeABit(int threads) {
    Tensor x = tensor(COLUMNS, 100, 1);
    Tensor dy = tensor(ROWS, 100, 2);
    try (CsrMatrix pattern = pattern(3);
        VectorBackend other = new VectorBackend(threads)) {
      assertArrayEquals(gradients(backend, pattern, x, dy), gradients(other, pattern, x, dy));
    }
  }

  @Test
  void followsATopologyUpdate() {
    Tensor x = tensor(COLUMNS, 100, 1);
    Tensor dy = tensor(ROWS, 100, 2);
    try (SparseWeights weights = new SparseWeights("layer", pattern(3), INITIAL)) {
      float[] before = gradients(backend, weights.csr(), x, dy);
      for (int update = 0; update < 3; update++) {
        PruneAndGrow.set()
            .update(TopologyUpdate.of(backend, new TopologyMemory(), weights, update));
        float[] after = gradients(backend, weights.csr(), x, dy);
        try (VectorBackend fresh = new VectorBackend(2)) {
          assertArrayEquals(gradients(fresh, weights.csr(), x, dy), after);
        }
        assertTrue(!Arrays.equals(before, after));
        before = after;
      }
    }
  }

  @Test
  void isMadeOnceForAPatternAndAgainForAnotherStride() {
    SddmmPlans plans = new SddmmPlans(pool);
    try (CsrMatrix pattern = pattern(3);
        CsrMatrix other = pattern(4)) {
      BlockPlan plan = plans.of(pattern, STRIDE);
      assertSame(plan, plans.of(pattern, STRIDE));
      assertNotSame(plan, plans.of(other, STRIDE));
      assertEquals(2 * STRIDE, plans.of(pattern, 2 * STRIDE).stride());
      assertEquals(2, plans.held());
    }
  }

  @Test
  void hasBlocksOnlyWhereRowsHaveEnoughConnectionsInEach() {
    SddmmPlans plans = new SddmmPlans(pool);
    try (CsrMatrix full = pattern(3);
        CsrMatrix thin = backend.topology().random(ROWS, COLUMNS, 20 * ROWS, 5, INITIAL, 6);
        CsrMatrix narrow = backend.topology().random(ROWS, 120, 70 * ROWS, 5, INITIAL, 6)) {
      assertEquals(8, plans.of(full, STRIDE).blocks());
      assertEquals(1, plans.of(thin, STRIDE).blocks());
      assertEquals(1, plans.of(narrow, STRIDE).blocks());
    }
  }

  @Test
  void productsHaveBlocksOnlyWhereThoseHoldMoreConnectionsAndMoreOfX() {
    SpmmPlans plans = new SpmmPlans(pool);
    try (CsrMatrix full = pattern(3);
        CsrMatrix thin = backend.topology().random(ROWS, COLUMNS, 40 * ROWS, 5, INITIAL, 6);
        CsrMatrix narrow = backend.topology().random(ROWS, 240, 70 * ROWS, 5, INITIAL, 6)) {
      assertEquals(4, plans.of(full, STRIDE).blocks());
      assertEquals(1, plans.of(full, STRIDE).panels());
      assertNull(plans.of(thin, STRIDE));
      assertNull(plans.of(narrow, STRIDE));
    }
  }

  @Test
  void hasFewerPanelsWhereATileOfXIsLargerThanItsCache() {
    SddmmPlans plans = new SddmmPlans(pool);
    try (CsrMatrix large = backend.topology().random(ROWS, 2100, NNZ, 5, INITIAL, 6);
        CsrMatrix small = backend.topology().random(ROWS, 800, NNZ, 5, INITIAL, 6)) {
      assertTrue(plans.of(large, STRIDE).panels() < plans.of(small, STRIDE).panels());
    }
  }

  @Test
  void goesWithItsPattern() throws InterruptedException {
    SddmmPlans plans = new SddmmPlans(pool);
    try (CsrMatrix pattern = pattern(3)) {
      assertEquals(STRIDE, plans.of(pattern, STRIDE).stride());
    }
    for (int i = 0; i < 200 && plans.held() > 0; i++) {
      System.gc();
      Thread.sleep(20);
    }
    assertEquals(0, plans.held());
  }

  /** The gradients of a part of a row, as a matrix of its own that starts at column c0. */
  private float[] oneRow(int[] column, int from, int to, int c0, Tensor x, Tensor dy) {
    int[] shifted = Arrays.stream(column, from, to).map(c -> c - c0).toArray();
    DeviceBuffer values = memory.allocate(ElementType.FLOAT32, to - from);
    try (CsrMatrix pattern =
        new CsrMatrix(
            1,
            x.rows(),
            to - from,
            memory.of(new int[] {0, to - from}),
            memory.of(shifted),
            values)) {
      return gradients(backend, pattern, x, dy);
    }
  }

  /** Returns the first entry of a row, the row's end if need be, from this column on. */
  private static int position(int[] rowStart, int[] column, int row, int fromColumn) {
    int k = rowStart[row];
    while (k < rowStart[row + 1] && column[k] < fromColumn) {
      k++;
    }
    return k;
  }

  private float[] gradients(VectorBackend candidate, CsrMatrix pattern, Tensor x, Tensor dy) {
    try (DeviceBuffer gradient = memory.allocate(ElementType.FLOAT32, pattern.nnz())) {
      candidate.sparse().sddmm(pattern, x, dy, gradient, null);
      return memory.floats(gradient, pattern.nnz());
    }
  }

  private CsrMatrix pattern(long key) {
    return backend.topology().random(ROWS, COLUMNS, NNZ, key, INITIAL, 6);
  }

  private static Tensor rows(Tensor tensor, int from, int count) {
    long offset = tensor.offset() + (long) from * tensor.stride();
    return new Tensor(tensor.buffer(), offset, count, tensor.positions(), tensor.stride());
  }

  private static int[] filled(int count) {
    int[] ones = new int[count];
    Arrays.fill(ones, 1);
    return ones;
  }

  private Tensor tensor(int rows, int positions, long key) {
    int stride = Tensor.strideFor(positions);
    float[] values = new float[rows * stride];
    for (int i = 0; i < values.length; i++) {
      values[i] = INITIAL.valueAt(Keys.of(key), i);
    }
    return new Tensor(memory.of(values), 0, rows, positions, stride);
  }
}
