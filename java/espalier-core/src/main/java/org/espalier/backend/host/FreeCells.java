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
    this.first = partition(count);
  }

  /** Replaces the first {@code count} ranks by the positions of the free cells of these ranks. */
  static void locate(
      WorkerPool pool, CsrMatrix weights, Survivors survivors, long[] ranks, int count) {
    pool.run(survivors.parts(), new FreeCells(weights, survivors, ranks, count));
  }

  /** Of the cells before a part's first row all are free but the survivors. */
  private int[] partition(int count) {
    int[] bounds = new int[survivors.parts() + 1];
    for (int part = 0; part < bounds.length; part++) {
      long free = (long) survivors.firstRow()[part] * columns - survivors.before()[part];
      bounds[part] = Ascending.below(ranks, count, free);
    }
    return bounds;
  }

  @Override
  public void run(int part, int worker) {
    int[] flags = survivors.flags();
    int passed = survivors.before()[part]; // survivors before the current cell
    int i = first[part];
    int end = first[part + 1];
    long rank = i < end ? ranks[i] : Long.MAX_VALUE;
    int row = survivors.firstRow()[part];
    int lastRow = survivors.firstRow()[part + 1];
    for (int k = rowStart[row]; row < lastRow; row++) {
      long base = (long) row * columns;
      int rowEnd = rowStart[row + 1];
      for (; k < rowEnd; k++) {
        // free cells before this one, which may be free itself
        long free = base + column[k] - passed;
        while (rank < free) {
          ranks[i++] = rank + passed;
          rank = i < end ? ranks[i] : Long.MAX_VALUE;
        }
        passed += flags[k];
      }
    }
    for (; i < end; i++) {
      ranks[i] += passed;
    }
  }
}
