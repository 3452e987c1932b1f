/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.measure;

import java.util.Arrays;
import org.espalier.UserException;
import org.espalier.train.State;

/**
 * A growing set of positions of a layer. A row with few positions is a sorted list of columns, one
 * with more a bitmap, whichever is smaller, so a set takes four bytes for each position at most and
 * never more than a bit for each cell; besides, some bytes for each row.
 */
public final class PositionSet {

  private static final int[] EMPTY = {};

  private final int columns;

  /** Integers of a bitmap; a row is one as soon as a list would not be shorter. */
  private final int words;

  private final int[] counts;
  private final int[][] rows;
  private long size;

  /** Creates an empty set of positions in a layer of {@code rows x columns}. */
  public PositionSet(int rows, int columns) {
    this.columns = columns;
    this.words = (columns + 31) / 32;
    this.counts = new int[rows];
    this.rows = new int[rows][];
    Arrays.fill(this.rows, EMPTY);
  }

  /** Returns the set of all connections of a CSR matrix with columns ascending inside a row. */
  public static PositionSet of(int columns, int[] rowStart, int[] column) {
    PositionSet set = new PositionSet(rowStart.length - 1, columns);
    set.addAll(rowStart, column);
    return set;
  }

  /** Returns how many positions are in the set. */
  public long size() {
    return size;
  }

  /** Returns how many positions the layer has. */
  public long cells() {
    return (long) rows.length * columns;
  }

  /** Returns the positions in each row: the fan-in of each output. */
  public int[] outputDegrees() {
    return counts.clone();
  }

  /** Returns the positions in each column. */
  public int[] inputDegrees() {
    int[] degrees = new int[columns];
    for (int r = 0; r < rows.length; r++) {
      if (isList(r)) {
        for (int c : rows[r]) {
          degrees[c]++;
        }
      } else {
        for (int c = 0; c < columns; c++) {
          degrees[c] += rows[r][c >>> 5] >>> c & 1;
        }
      }
    }
    return degrees;
  }

  private boolean isList(int row) {
    return counts[row] < words;
  }

  /** Adds the connections of a CSR matrix with columns ascending inside a row. */
  public void addAll(int[] rowStart, int[] column) {
    for (int r = 0; r < rows.length; r++) {
      int before = counts[r];
      if (isList(r)) {
        merge(r, column, rowStart[r], rowStart[r + 1]);
      } else {
        counts[r] += mark(rows[r], column, rowStart[r], rowStart[r + 1]);
      }
      size += counts[r] - before;
    }
  }

  private void merge(int r, int[] column, int from, int to) {
    int[] old = rows[r];
    int fresh = to - from - common(r, column, from, to);
    if (fresh == 0) {
      return;
    }
    counts[r] += fresh;
    if (!isList(r)) {
      rows[r] = new int[words];
      mark(rows[r], old, 0, old.length);
      mark(rows[r], column, from, to);
      return;
    }
    int[] merged = new int[counts[r]];
    int a = 0;
    int b = from;
    for (int k = 0; k < merged.length; k++) {
      int next = b == to || a < old.length && old[a] <= column[b] ? old[a] : column[b];
      a += a < old.length && old[a] == next ? 1 : 0;
      b += b < to && column[b] == next ? 1 : 0;
      merged[k] = next;
    }
    rows[r] = merged;
  }

  /** Sets bits and returns how many were not set. */
  private static int mark(int[] bits, int[] column, int from, int to) {
    int fresh = 0;
    for (int k = from; k < to; k++) {
      int word = column[k] >>> 5;
      int bit = 1 << column[k];
      fresh += (bits[word] & bit) == 0 ? 1 : 0;
      bits[word] |= bit;
    }
    return fresh;
  }

  /** Returns what this set has in common with a CSR matrix of the same layer. */
  public Overlap overlap(int[] rowStart, int[] column) {
    long both = 0;
    for (int r = 0; r < rows.length; r++) {
      both += common(r, column, rowStart[r], rowStart[r + 1]);
    }
    return new Overlap(both, size + rowStart[rows.length] - both);
  }

  private int common(int r, int[] column, int from, int to) {
    int[] row = rows[r];
    int both = 0;
    if (!isList(r)) {
      for (int k = from; k < to; k++) {
        both += row[column[k] >>> 5] >>> column[k] & 1;
      }
      return both;
    }
    int a = 0;
    for (int k = from; k < to && a < row.length; k++) {
      while (a < row.length && row[a] < column[k]) {
        a++;
      }
      both += a < row.length && row[a] == column[k] ? 1 : 0;
    }
    return both;
  }

  /** Puts the set into a state, as two arrays. */
  public void save(State state, String name) {
    int[] data = new int[Arrays.stream(rows).mapToInt(row -> row.length).sum()];
    int at = 0;
    for (int[] row : rows) {
      System.arraycopy(row, 0, data, at, row.length);
      at += row.length;
    }
    state.put(name + ".count", counts.clone());
    state.put(name + ".data", data);
  }

  /**
   * Returns a set that was saved.
   *
   * @throws UserException if it is missing, damaged, or belongs to a layer of another size
   */
  public static PositionSet restore(State state, String name, int rows, int columns) {
    PositionSet set = new PositionSet(rows, columns);
    int[] counts = state.ints(name + ".count");
    int[] data = state.ints(name + ".data");
    int at = 0;
    boolean sound = counts.length == rows;
    for (int r = 0; sound && r < rows; r++) {
      int length = Math.min(counts[r], set.words);
      sound = length >= 0 && counts[r] <= columns && length <= data.length - at;
      if (sound) {
        set.counts[r] = counts[r];
        set.rows[r] = Arrays.copyOfRange(data, at, at + length);
        set.size += counts[r];
        at += length;
        sound = set.isSound(r);
      }
    }
    if (!sound || at != data.length) {
      throw new UserException(
          "%s: '%s' is no set of positions of a layer of %d x %d; expected a checkpoint of this recipe."
              .formatted(state.source(), name, rows, columns));
    }
    return set;
  }

  private boolean isSound(int r) {
    int[] row = rows[r];
    if (isList(r)) {
      for (int k = 0; k < row.length; k++) {
        if (row[k] < (k == 0 ? 0 : row[k - 1] + 1) || row[k] >= columns) {
          return false;
        }
      }
      return true;
    }
    int spare = words * 32 - columns;
    boolean inside = spare == 0 || row[words - 1] >>> 32 - spare == 0;
    return inside && Arrays.stream(row).map(Integer::bitCount).sum() == counts[r];
  }
}
