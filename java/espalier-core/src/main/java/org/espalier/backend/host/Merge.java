/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend.host;

import static org.espalier.backend.host.HostBuffer.BASE;

import org.espalier.sparse.CsrMatrix;

/**
 * Merges the survivors of an update and the grown connections into new arrays. How many of either
 * come before a row follows from counts, so every part knows where its result goes.
 *
 * <p>A part first merges columns, which leaves a list of where each entry comes from; then value
 * and state arrays follow the list, one after the other. Parts are small enough for the lists to
 * stay in the second-level cache.
 */
final class Merge implements WorkerPool.Task {

  /** Connections of a part, unless a row has more. */
  static final int GRAIN = 4_096;

  private final int columns;
  private final int[] oldStart;
  private final int[] oldColumn;
  private final int[] newStart;
  private final int[] newColumn;
  private final float[][] oldArrays;
  private final float[][] newArrays;
  private final Survivors survivors;
  private final Growth growth;
  private final Lists[] lists; // of each worker

  /** Where the entries of a part come from and go to. */
  private static final class Lists {

    int[] from = new int[GRAIN]; // entries of the old matrix
    int[] to = new int[GRAIN];
    int kept;
    int[] grownTo = new int[GRAIN];

    /** Makes the lists empty and long enough. */
    void clear(int old, int grown) {
      if (from.length < old) {
        from = new int[old];
        to = new int[old];
      }
      if (grownTo.length <= grown) {
        grownTo = new int[grown + 1];
      }
      kept = 0;
    }
  }

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
      float[][] newArrays,
      int workers) {
    this.columns = old.columns();
    this.oldStart = HostBuffer.ints(old.rowStart());
    this.oldColumn = HostBuffer.ints(old.column());
    this.newStart = HostBuffer.ints(merged.rowStart());
    this.newColumn = HostBuffer.ints(merged.column());
    this.oldArrays = oldArrays;
    this.newArrays = newArrays;
    this.survivors = survivors;
    this.growth = growth;
    this.lists = new Lists[workers];
  }

  @Override
  public void run(int part, int worker) {
    if (lists[worker] == null) {
      lists[worker] = new Lists();
    }
    Lists list = lists[worker];
    int firstRow = survivors.firstRow()[part];
    int endRow = survivors.firstRow()[part + 1];
    int firstGrown = growth.before((long) firstRow * columns);
    int endGrown = growth.before((long) endRow * columns);
    list.clear(oldStart[endRow] - oldStart[firstRow], endGrown - firstGrown);
    mergeColumns(
        list,
        firstRow,
        endRow,
        firstGrown,
        endGrown,
        survivors.before()[part],
        survivors.before()[part + 1] + endGrown);
    for (int g = firstGrown; g < endGrown; g++) {
      newArrays[0][BASE + list.grownTo[g - firstGrown]] = growth.valueAt(g);
    }
    for (int array = 0; array < oldArrays.length; array++) {
      move(oldArrays[array], newArrays[array], list);
    }
  }

  private void mergeColumns(
      Lists list, int firstRow, int endRow, int firstGrown, int endGrown, int before, int endN) {
    long[] positions = growth.positions();
    int[] flags = survivors.flags();
    int[] from = list.from;
    int[] to = list.to;
    int[] grownTo = list.grownTo;
    int keepRegrown = growth.keepRegrown() ? 1 : 0;
    int kept = 0;
    int g = firstGrown;
    int n = before + g;
    int k = oldStart[firstRow];
    long position = g < endGrown ? positions[g] : Long.MAX_VALUE;
    for (int row = firstRow; row < endRow; row++) {
      long base = (long) row * columns;
      int end = oldStart[row + 1];
      while (k < end && n < endN) {
        long old = base + oldColumn[k];
        if (position == old) {
          grownTo[g++ - firstGrown] = n;
          newColumn[n] = oldColumn[k];
          from[kept] = k++;
          to[kept] = n++;
          kept += keepRegrown;
          position = g < endGrown ? positions[g] : Long.MAX_VALUE;
          continue;
        }
        int fresh = (int) (position - old >>> 63);
        int stays = flags[k] & fresh - 1;
        newColumn[n] = (int) (Math.min(position, old) - base);
        grownTo[g - firstGrown] = n;
        from[kept] = k;
        to[kept] = n;
        g += fresh;
        k += 1 - fresh;
        kept += stays;
        n += stays + fresh;
        position = g < endGrown ? positions[g] : Long.MAX_VALUE;
      }
      k = end;
      while (position < base + columns) {
        newColumn[n] = (int) (position - base);
        grownTo[g++ - firstGrown] = n++;
        position = g < endGrown ? positions[g] : Long.MAX_VALUE;
      }
      newStart[row + 1] = n;
    }
    list.kept = kept;
  }

  /** Copies an array's elements of the kept entries. */
  private static void move(float[] old, float[] moved, Lists list) {
    int[] from = list.from;
    int[] to = list.to;
    int kept = list.kept;
    for (int i = 0; i < kept; i++) {
      moved[BASE + to[i]] = old[BASE + from[i]];
    }
  }
}
