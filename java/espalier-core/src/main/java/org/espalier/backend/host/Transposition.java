/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend.host;

import static org.espalier.backend.host.HostBuffer.BASE;

import org.espalier.sparse.CsrMatrix;
import org.espalier.sparse.TransposedCopy;

/**
 * Orders connections by column: every part counts the columns of its rows, the counts tell where it
 * puts its connections of each column, and there it puts them in the order of its rows.
 */
final class Transposition {

  private final int columns;
  private final int[] rowStart;
  private final int[] column;
  private final float[] values;
  private final int[] newStart;
  private final int[] newColumn;
  private final float[] newValues;
  private final int[] slots;
  private final int[] firstRow; // of each part

  private Transposition(WorkerPool pool, CsrMatrix weights, TransposedCopy copy) {
    this.columns = weights.columns();
    this.rowStart = HostBuffer.ints(weights.rowStart());
    this.column = HostBuffer.ints(weights.column());
    this.values = HostBuffer.floats(weights.values());
    this.newStart = HostBuffer.ints(copy.csr().rowStart());
    this.newColumn = HostBuffer.ints(copy.csr().column());
    this.newValues = HostBuffer.floats(copy.csr().values());
    this.slots = HostBuffer.ints(copy.slot());
    // counters of all columns for every part must not outgrow the connections
    int affordable = Math.min(pool.threads(), weights.nnz() / Math.max(1, columns));
    int parts = Math.max(1, Math.min(affordable, Parts.of(pool, weights.nnz())));
    this.firstRow = Parts.rows(rowStart, weights.rows(), weights.rows(), parts);
  }

  /** Fills a copy of the right size. */
  static void fill(WorkerPool pool, CsrMatrix weights, TransposedCopy copy) {
    new Transposition(pool, weights, copy).fill(pool);
  }

  private void fill(WorkerPool pool) {
    int parts = firstRow.length - 1;
    int[][] next = new int[parts][columns];
    pool.run(
        parts,
        (part, worker) ->
            count(column, rowStart[firstRow[part]], rowStart[firstRow[part + 1]], next[part]));
    int sum = 0;
    for (int c = 0; c < columns; c++) {
      for (int[] own : next) {
        int size = own[c];
        own[c] = sum;
        sum += size;
      }
      newStart[c + 1] = sum;
    }
    pool.run(parts, (part, worker) -> place(firstRow[part], firstRow[part + 1], next[part]));
  }

  private static void count(int[] column, int from, int to, int[] counts) {
    for (int k = from; k < to; k++) {
      counts[column[k]]++;
    }
  }

  private void place(int fromRow, int toRow, int[] next) {
    for (int row = fromRow; row < toRow; row++) {
      int end = rowStart[row + 1];
      for (int k = rowStart[row]; k < end; k++) {
        int at = next[column[k]]++;
        newColumn[at] = row;
        newValues[BASE + at] = values[BASE + k];
        slots[k] = at;
      }
    }
  }
}
