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
  private final int[] firstRow; // of each panel; a panel alone has all rows
  private final BlockPlan plan;

  private BlockPlanner(CsrMatrix pattern, int[] firstRow, BlockPlan plan) {
    this.rowStart = ints(pattern.rowStart());
    this.column = ints(pattern.column());
    this.ofColumn = pattern.taps().offsets(pattern.channels(), plan.stride());
    this.width = (pattern.columns() + plan.blocks() - 1) / plan.blocks();
    this.firstRow = firstRow;
    this.plan = plan;
  }

  /**
   * Plans a pattern.
   *
   * @param pattern with at least one connection
   * @param stride of X
   * @param panels number of panels, at least 1
   * @param blocks number of blocks, at least 1 and at most the number of columns
   */
  static BlockPlan plan(WorkerPool pool, CsrMatrix pattern, int stride, int panels, int blocks) {
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
            firstSegment,
            new int[segments + 1],
            new int[pattern.nnz() + BlockPlan.HEAD * segments]);
    new BlockPlanner(pattern, firstRow, plan).run(pool);
    return plan;
  }

  private void run(WorkerPool pool) {
    int parts = Split.parts(pool, plan.visit().length / ReadIndex.PER_VECTOR);
    pool.run(parts, (part, worker) -> rows(part, parts, this::measure));
    int[] at = plan.segmentAt();
    int sum = 0;
    for (int s = 0; s < at.length - 1; s++) {
      int length = BlockPlan.HEAD + at[s];
      at[s] = sum;
      sum += length;
    }
    at[at.length - 1] = sum;
    pool.run(parts, (part, worker) -> rows(part, parts, this::fill));
  }

  /** What is done to a row of a panel, counted from the panel's first. */
  private interface RowTask {
    void run(int panel, int row);
  }

  private void rows(int part, int parts, RowTask task) {
    int rows = (plan.segmentAt().length - 1) / plan.blocks();
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

  /** Leaves the numbers of connections of a row's segments where their starts will be. */
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
      plan.segmentAt()[segment] = k - start;
    }
  }

  private void fill(int panel, int row) {
    int rows = plan.rows(panel);
    int[] visit = plan.visit();
    int k = from(panel, row);
    int to = to(panel, row);
    int segment = plan.firstSegment()[panel] + row;
    for (int b = 0; b < plan.blocks(); b++, segment += rows) {
      int at = plan.segmentAt()[segment];
      visit[at] = firstRow[panel] + row;
      visit[at + 1] = plan.segmentAt()[segment + 1];
      visit[at + 2] = k - plan.panelStart()[panel] - (at + BlockPlan.HEAD);
      at += BlockPlan.HEAD;
      for (; k < to && column[k] - b * width < width; k++) {
        visit[at++] = ofColumn[column[k]];
      }
    }
  }

  /** Returns the first entry of a row of a panel. */
  private int from(int panel, int row) {
    return Math.max(plan.panelStart()[panel], rowStart[firstRow[panel] + row]);
  }

  private int to(int panel, int row) {
    return Math.min(plan.panelStart()[panel + 1], rowStart[firstRow[panel] + row + 1]);
  }
}
