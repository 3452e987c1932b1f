/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import static org.espalier.backend.host.HostBuffer.ints;

import org.espalier.backend.host.WorkerPool;
import org.espalier.sparse.CsrMatrix;

/** Makes a {@link BlockPlan} in two passes over the columns, each shared out by rows. */
final class BlockPlanner {

  private final int[] rowStart;
  private final int[] column;
  private final int[] ofColumn; // offsets
  private final int width; // of a block in columns; the last may have fewer
  private final BlockPlan plan;

  private BlockPlanner(CsrMatrix pattern, BlockPlan plan) {
    this.rowStart = ints(pattern.rowStart());
    this.column = ints(pattern.column());
    this.ofColumn = pattern.taps().offsets(pattern.channels(), plan.stride());
    this.width = (pattern.columns() + plan.blocks() - 1) / plan.blocks();
    this.plan = plan;
  }

  /**
   * Plans a pattern.
   *
   * @param pattern with at least one connection
   * @param indexes where to find the offsets, if one block leaves them in their order
   * @param stride of X
   * @param panels number of panels, at least 1
   * @param blocks number of blocks, at least 1 and at most the number of columns
   */
  static BlockPlan plan(
      WorkerPool pool, CsrMatrix pattern, ReadIndexes indexes, int stride, int panels, int blocks) {
    int[] rowStart = ints(pattern.rowStart());
    int[] panelStart = new int[panels + 1];
    int[] firstRow = new int[panels];
    int[] firstSegment = new int[panels + 1];
    int row = 0;
    for (int panel = 0; panel < panels; panel++) {
      panelStart[panel + 1] = Split.lineStart(pattern.nnz(), panel + 1, panels);
      while (panel > 0 && row < pattern.rows() - 1 && rowStart[row + 1] <= panelStart[panel]) {
        row++;
      }
      firstRow[panel] = row;
      int end = row;
      while (rowStart[end] < panelStart[panel + 1]) {
        end++;
      }
      int rows = (panels == 1 ? pattern.rows() : end) - row;
      firstSegment[panel + 1] = firstSegment[panel] + blocks * rows;
    }
    int segments = firstSegment[panels];
    BlockPlan plan =
        new BlockPlan(
            stride,
            blocks,
            panelStart,
            firstRow,
            firstSegment,
            new int[segments + 1],
            new int[segments],
            blocks == 1 ? indexes.of(pattern, stride).offset() : new int[pattern.nnz()]);
    new BlockPlanner(pattern, plan).run(pool);
    return plan;
  }

  private void run(WorkerPool pool) {
    int parts = Split.parts(pool, plan.offset().length / ReadIndex.PER_VECTOR);
    pool.run(parts, (part, worker) -> rows(part, parts, this::measure));
    int[] start = plan.segmentStart();
    int sum = 0;
    for (int s = 0; s < start.length; s++) {
      int length = start[s];
      start[s] = sum;
      sum += length;
    }
    pool.run(parts, (part, worker) -> rows(part, parts, this::fill));
  }

  /** What is done to a row of a panel, counted from the panel's first. */
  private interface RowTask {
    void run(int panel, int row);
  }

  private void rows(int part, int parts, RowTask task) {
    int rows = plan.segmentShift().length / plan.blocks();
    int to = (int) Split.start(rows, part + 1, parts);
    int panel = 0;
    int first = 0;
    for (int row = (int) Split.start(rows, part, parts); row < to; row++) {
      while (row >= first + plan.rows(panel)) {
        first += plan.rows(panel++);
      }
      task.run(panel, row - first);
    }
  }

  /** Leaves the lengths of a row's segments where their starts will be. */
  private void measure(int panel, int row) {
    int rows = plan.rows(panel);
    int k = from(panel, row);
    int to = to(panel, row);
    int segment = plan.firstSegment()[panel] + row;
    for (int b = 0; b < plan.blocks(); b++, segment += rows) {
      int start = k;
      while (k < to && column[k] - b * width < width) {
        k++;
      }
      plan.segmentStart()[segment] = k - start;
    }
  }

  private void fill(int panel, int row) {
    int rows = plan.rows(panel);
    int[] planned = plan.offset();
    int k = from(panel, row);
    int to = to(panel, row);
    int segment = plan.firstSegment()[panel] + row;
    for (int b = 0; b < plan.blocks(); b++, segment += rows) {
      int at = plan.segmentStart()[segment];
      plan.segmentShift()[segment] = k - plan.panelStart()[panel] - at;
      for (; k < to && column[k] - b * width < width; k++) {
        planned[at++] = ofColumn[column[k]];
      }
    }
  }

  /** Returns the first entry of a row of a panel. */
  private int from(int panel, int row) {
    return Math.max(plan.panelStart()[panel], rowStart[plan.firstRow()[panel] + row]);
  }

  private int to(int panel, int row) {
    return Math.min(plan.panelStart()[panel + 1], rowStart[plan.firstRow()[panel] + row + 1]);
  }
}
