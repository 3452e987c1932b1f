/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend.host;

import org.espalier.sparse.CsrMatrix;

/**
 * Turns ascending ranks among the cells without a surviving connection into canonical positions.
 */
final class FreeCells implements WorkerPool.Task {

  private final int columns;
  private final int[] rowStart;
  private final int[] column;
  private final Survivors survivors;
  private final long[] ranks;
  private final int[] first; // rank of each part

  private FreeCells(CsrMatrix weights, Survivors survivors, long[] ranks, int count) {
    this.columns = weights.columns();
    this.rowStart = HostBuffer.ints(weights.rowStart());
    this.column = HostBuffer.ints(weights.column());
    this.survivors = survivors;
    this.ranks = ranks;
    this.first = survivors.partition(ranks, count, columns, true);
  }

  /** Replaces the first {@code count} ranks by the positions of the free cells of these ranks. */
  static void locate(
      WorkerPool pool, CsrMatrix weights, Survivors survivors, long[] ranks, int count) {
    pool.run(survivors.parts(), new FreeCells(weights, survivors, ranks, count));
  }

  @Override
  public void run(int part, int worker) {
    int[] flags = survivors.flags();
    int passed = survivors.before()[part]; // survivors before the current cell
    int i = first[part];
    int end = first[part + 1];
    int lastRow = survivors.firstRow()[part + 1];
    for (int row = survivors.firstRow()[part]; row < lastRow && i < end; row++) {
      long base = (long) row * columns;
      for (int k = rowStart[row]; k < rowStart[row + 1]; k++) {
        // free cells before this one, which may be free itself
        long free = base + column[k] - passed;
        for (; i < end && ranks[i] < free; i++) {
          ranks[i] += passed;
        }
        passed += flags[k];
      }
    }
    for (; i < end; i++) {
      ranks[i] += passed;
    }
  }
}
