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

    int[] from = new int[GRAIN]; // kept entries of the old matrix
    int[] to = new int[GRAIN]; // entries they become
    int kept;
    int[] grownTo = new int[GRAIN]; // entries that the grown connections become

    /** Makes the lists empty and long enough; an entry that is not to stay may be written too. */
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
   * @param workers size of the team
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
    mergeColumns(part, firstGrown, endGrown, list);
    for (int g = firstGrown; g < endGrown; g++) {
      newArrays[0][BASE + list.grownTo[g - firstGrown]] = growth.valueAt(g);
    }
    for (int array = 0; array < oldArrays.length; array++) {
      move(oldArrays[array], newArrays[array], list);
    }
  }

  /**
   * Merges the columns of a part and lists where its entries come from. Whether an old or a grown
   * one comes next, and whether an old one stays, is random; so entries are written first, without
   * a branch, and the counters tell whether they are to stay.
   */
  private void mergeColumns(int part, int firstGrown, int endGrown, Lists list) {
    int[] flags = survivors.flags();
    int[] from = list.from;
    int[] to = list.to;
    int[] grownTo = list.grownTo;
    int keepRegrown = growth.keepRegrown() ? 1 : 0;
    int kept = 0;
    int firstRow = survivors.firstRow()[part];
    int endRow = survivors.firstRow()[part + 1];
    int k = oldStart[firstRow];
    int g = firstGrown;
    long grown = growth.position(g, endGrown);
    int n = survivors.before()[part] + firstGrown;
    int endN = survivors.before()[part + 1] + endGrown; // nothing may be written behind the part
    for (int row = firstRow; row < endRow; row++) {
      long base = (long) row * columns;
      int end = oldStart[row + 1];
      while (k < end && n < endN) {
        long old = base + oldColumn[k];
        if (grown == old) { // it goes and comes back; rare unless the layer is dense
          grownTo[g++ - firstGrown] = n;
          newColumn[n] = oldColumn[k];
          from[kept] = k++;
          to[kept] = n++;
          kept += keepRegrown;
        } else {
          int fresh = (int) (grown - old >>> 63);
          int stays = flags[k] & fresh - 1;
          newColumn[n] = (int) (Math.min(grown, old) - base);
          grownTo[g - firstGrown] = n;
          from[kept] = k;
          to[kept] = n;
          g += fresh;
          k += 1 - fresh;
          kept += stays;
          n += stays + fresh;
        }
        grown = growth.position(g, endGrown);
      }
      k = end; // what was left of the row goes
      for (; grown < base + columns; grown = growth.position(++g, endGrown)) {
        newColumn[n] = (int) (grown - base);
        grownTo[g - firstGrown] = n++;
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
