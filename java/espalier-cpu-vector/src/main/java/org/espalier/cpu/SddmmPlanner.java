/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import static org.espalier.backend.host.HostBuffer.ints;

import org.espalier.backend.host.WorkerPool;
import org.espalier.sparse.CsrMatrix;

/** Makes a {@link SddmmPlan} in two passes over the columns, one panel for each part. */
final class SddmmPlanner implements WorkerPool.Task {

  private final int[] rowStart;
  private final int[] column;
  private final int[] offset; // of each entry
  private final int width; // of a block in columns; the last may have fewer
  private final SddmmPlan plan;

  private SddmmPlanner(CsrMatrix pattern, ReadIndex index, SddmmPlan plan) {
    this.rowStart = ints(pattern.rowStart());
    this.column = ints(pattern.column());
    this.offset = index.offset();
    this.width = (pattern.columns() + plan.blocks() - 1) / plan.blocks();
    this.plan = plan;
  }

  /**
   * Plans a pattern.
   *
   * @param pattern with at least one connection
   * @param index where the pattern reads X
   * @param panels number of panels, at least 1
   * @param blocks number of blocks, at least 1 and at most the number of columns
   */
  static SddmmPlan plan(
      WorkerPool pool, CsrMatrix pattern, ReadIndex index, int panels, int blocks) {
    int[] rowStart = ints(pattern.rowStart());
    int[] panelStart = new int[panels + 1];
    int[] firstRow = new int[panels];
    int[] firstSegment = new int[panels + 1];
    int row = 0;
    for (int panel = 0; panel < panels; panel++) {
      panelStart[panel + 1] = Split.lineStart(pattern.nnz(), panel + 1, panels);
      while (row < pattern.rows() - 1 && rowStart[row + 1] <= panelStart[panel]) {
        row++;
      }
      firstRow[panel] = row;
      int end = row;
      while (rowStart[end] < panelStart[panel + 1]) {
        end++;
      }
      firstSegment[panel + 1] = firstSegment[panel] + blocks * (end - row);
    }
    int segments = firstSegment[panels];
    int[] segmentStart = new int[segments + 1];
    segmentStart[segments] = pattern.nnz();
    SddmmPlan plan =
        new SddmmPlan(
            index.stride(),
            blocks,
            panelStart,
            firstRow,
            firstSegment,
            segmentStart,
            new int[segments],
            blocks == 1 ? index.offset() : new int[pattern.nnz()]); // one block: in its order
    pool.run(panels, new SddmmPlanner(pattern, index, plan));
    return plan;
  }

  @Override
  public void run(int panel, int worker) {
    int rows = plan.rows(panel);
    for (int row = 0; row < rows; row++) {
      measure(panel, row, rows);
    }
    int[] start = plan.segmentStart();
    int sum = plan.panelStart()[panel];
    for (int s = plan.firstSegment()[panel]; s < plan.firstSegment()[panel + 1]; s++) {
      int length = start[s];
      start[s] = sum;
      sum += length;
    }
    for (int row = 0; row < rows; row++) {
      fill(panel, row, rows);
    }
  }

  /** Leaves the lengths of a row's segments where their starts will be. */
  private void measure(int panel, int row, int rows) {
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

  private void fill(int panel, int row, int rows) {
    int[] planned = plan.offset();
    int k = from(panel, row);
    int to = to(panel, row);
    int segment = plan.firstSegment()[panel] + row;
    for (int b = 0; b < plan.blocks(); b++, segment += rows) {
      int at = plan.segmentStart()[segment];
      plan.segmentShift()[segment] = k - plan.panelStart()[panel] - at;
      for (; k < to && column[k] - b * width < width; k++) {
        planned[at++] = offset[k];
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
