/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.conformance;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.espalier.sparse.KeyedPermutation;
import org.espalier.sparse.Keys;

/**
 * Where the connections of a test matrix are, as a pure function of these numbers.
 *
 * @param rows output channels
 * @param columns input channels
 * @param nnz number of connections
 * @param layout how they are spread
 */
record Pattern(int rows, int columns, int nnz, Layout layout) {

  private static final long KEY = Keys.of(0x70617474, 1);

  /** How connections are spread over the rows. */
  enum Layout {
    /** Uniform over all cells. */
    UNIFORM,
    /** Row 0 full, rows 1, 4, 7, ... empty, the rest uniform over the remaining rows. */
    SKEWED
  }

  static Pattern uniform(int rows, int columns, int nnz) {
    return new Pattern(rows, columns, nnz, Layout.UNIFORM);
  }

  static Pattern skewed(int rows, int columns, int nnz) {
    return new Pattern(rows, columns, nnz, Layout.SKEWED);
  }

  /** Returns the canonical positions, ascending. */
  long[] positions() {
    long[] positions = new long[nnz];
    if (layout == Layout.UNIFORM) {
      draw((long) rows * columns, positions, 0);
    } else {
      for (int c = 0; c < columns; c++) {
        positions[c] = c;
      }
      int[] open = IntStream.range(2, rows).filter(r -> r % 3 != 1).toArray();
      draw((long) open.length * columns, positions, columns);
      for (int i = columns; i < nnz; i++) {
        long cell = positions[i];
        positions[i] = (long) open[(int) (cell / columns)] * columns + cell % columns;
      }
    }
    Arrays.sort(positions);
    return positions;
  }

  private void draw(long cells, long[] target, int from) {
    if (nnz - from > cells) {
      throw new IllegalArgumentException(this + " has more connections than cells");
    }
    KeyedPermutation permutation = new KeyedPermutation(cells, Keys.hash(KEY, nnz));
    for (int i = from; i < nnz; i++) {
      target[i] = permutation.apply(i - from);
    }
  }

  int[] rowStart(long[] positions) {
    int[] start = new int[rows + 1];
    for (long position : positions) {
      start[(int) (position / columns) + 1]++;
    }
    Arrays.parallelPrefix(start, Integer::sum);
    return start;
  }

  int[] column(long[] positions) {
    return Arrays.stream(positions).mapToInt(position -> (int) (position % columns)).toArray();
  }

  /** Returns an upper bound of the entries of a row: the length of the sums of a product. */
  int longestRow() {
    return Math.min(columns, nnz);
  }

  @Override
  public String toString() {
    return "%dx%d nnz=%d%s".formatted(rows, columns, nnz, layout == Layout.SKEWED ? " skewed" : "");
  }
}
