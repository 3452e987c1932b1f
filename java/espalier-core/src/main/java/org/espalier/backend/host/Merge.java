/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend.host;

import static org.espalier.backend.host.HostBuffer.BASE;

import org.espalier.sparse.CsrMatrix;

/**
 * Merges the survivors of an update and the grown connections into new arrays. How many of either
 * come before a row follows from counts, so every part knows where its result goes.
 */
final class Merge implements WorkerPool.Task {

  private final int columns;
  private final int[] oldStart;
  private final int[] oldColumn;
  private final int[] newStart;
  private final int[] newColumn;
  private final float[][] oldArrays;
  private final float[][] newArrays;
  private final Survivors survivors;
  private final Growth growth;
  private final int[] firstGrown; // of each part

  /**
   * Prepares a merge in as many parts as the survivors have.
   *
   * @param merged of the right size, to be filled
   * @param oldArrays old values, old state arrays
   * @param newArrays those in their place, all zero
   */
  Merge(
      CsrMatrix old,
      Survivors survivors,
      Growth growth,
      CsrMatrix merged,
      float[][] oldArrays,
      float[][] newArrays) {
    this.columns = old.columns();
    this.oldStart = HostBuffer.ints(old.rowStart());
    this.oldColumn = HostBuffer.ints(old.column());
    this.newStart = HostBuffer.ints(merged.rowStart());
    this.newColumn = HostBuffer.ints(merged.column());
    this.oldArrays = oldArrays;
    this.newArrays = newArrays;
    this.survivors = survivors;
    this.growth = growth;
    this.firstGrown = survivors.partition(growth.positions(), growth.count(), columns, false);
  }

  @Override
  public void run(int part, int worker) {
    int g = firstGrown[part];
    int n = survivors.before()[part] + g;
    RowMerge merge = new RowMerge();
    for (int row = survivors.firstRow()[part]; row < survivors.firstRow()[part + 1]; row++) {
      long base = (long) row * columns;
      int start = oldStart[row];
      int end = oldStart[row + 1];
      int grown = growth.before(base + columns, g) - g;
      merge.reserve(end - start, grown);
      merge.keep(survivors.flags(), start, end);
      merge.columns(oldColumn, growth.positions(), base, g, grown, newColumn, n);
      n += merge.size();
      newStart[row + 1] = n;
      for (int i = 0; i < grown; i++) {
        newArrays[0][BASE + merge.grownTo(i)] = growth.valueAt(g + i);
      }
      if (growth.keepRegrown()) {
        merge.keepRegrown(oldColumn, start, end, growth.positions(), base, g);
      }
      for (int array = 0; array < oldArrays.length; array++) {
        merge.move(oldArrays[array], newArrays[array]);
      }
      g += grown;
    }
  }
}
