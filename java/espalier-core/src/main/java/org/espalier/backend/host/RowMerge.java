/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend.host;

import static org.espalier.backend.host.HostBuffer.BASE;

import java.util.Arrays;

/**
 * Merges one row after the other: first its columns, which leaves a list of where each entry comes
 * from; values and state arrays then follow the list.
 *
 * <p>Whether an entry stays, and whether an old or a grown one comes next, is random; so nothing
 * branches on it.
 */
final class RowMerge {

  private int[] from = new int[64]; // kept entries of the old matrix
  private int[] to = new int[64]; // where they go
  private int kept;
  private int[] grownTo = new int[64];
  private int grown;

  /** Makes room for a row. */
  void reserve(int old, int added) {
    if (from.length < old) {
      from = new int[2 * old];
      to = new int[2 * old];
    }
    if (grownTo.length < added) {
      grownTo = new int[2 * added];
    }
  }

  /** Starts a row with those of its entries that stay. */
  void keep(int[] flags, int start, int end) {
    int[] list = from;
    int count = 0;
    for (int k = start; k < end; k++) {
      list[count] = k;
      count += flags[k];
    }
    kept = count;
  }

  /**
   * Merges the columns of the kept entries and of the grown ones.
   *
   * @param base canonical position at which the row starts
   * @param g first grown position of the row
   * @param added number of grown positions of the row
   * @param column result, from element {@code at} on
   */
  void columns(
      int[] oldColumn, long[] positions, long base, int g, int added, int[] column, int at) {
    grown = added;
    int n = at;
    int i = 0;
    int j = 0;
    while (i < kept && j < added) {
      int old = oldColumn[from[i]];
      int fresh = (int) (positions[g + j] - base);
      int oldFirst = (old - fresh) >>> 31;
      column[n] = Math.min(old, fresh);
      to[i] = n; // holds if it is the one that goes there
      grownTo[j] = n++;
      i += oldFirst;
      j += 1 - oldFirst;
    }
    for (; i < kept; i++) {
      column[n] = oldColumn[from[i]];
      to[i] = n++;
    }
    for (; j < added; j++) {
      column[n] = (int) (positions[g + j] - base);
      grownTo[j] = n++;
    }
  }

  /** Returns the number of entries of the merged row. */
  int size() {
    return kept + grown;
  }

  /** Returns where a grown entry of the row goes. */
  int grownTo(int i) {
    return grownTo[i];
  }

  /** Adds to the kept entries those that went and were grown again. */
  void keepRegrown(int[] oldColumn, int start, int end, long[] positions, long base, int g) {
    for (int j = 0; j < grown; j++) {
      int k = Arrays.binarySearch(oldColumn, start, end, (int) (positions[g + j] - base));
      if (k >= 0) {
        from[kept] = k;
        to[kept++] = grownTo[j];
      }
    }
  }

  /** Copies an array's elements of the kept entries. */
  void move(float[] old, float[] moved) {
    int[] source = from;
    int[] target = to;
    for (int i = 0; i < kept; i++) {
      moved[BASE + target[i]] = old[BASE + source[i]];
    }
  }
}
