/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend.portable;

import static org.espalier.backend.host.HostBuffer.floats;
import static org.espalier.backend.host.HostBuffer.start;

import java.util.Arrays;
import org.espalier.sparse.CsrMatrix;
import org.espalier.sparse.Taps;
import org.espalier.tensor.Tensor;

/**
 * Which row arrays the products with taps read: each is a row of the input, shifted as a tap says.
 * Loops that shift as they read would save the copies, but the compiler does not vectorise them.
 *
 * @param row row of the input that an array holds a stretch of
 * @param shift how far from the position of the result it is read
 * @param used whether the product reads the array at all
 */
record TapRows(int[] row, int[] shift, boolean[] used) {

  /** Returns the arrays of a forward product, one for each column of the weights. */
  static TapRows forward(Taps taps, int columns) {
    TapRows rows = ofSize(columns);
    for (int c = 0; c < columns; c++) {
      rows.row[c] = taps.row(c);
      rows.shift[c] = taps.shift(c % taps.count());
    }
    return rows;
  }

  /** Returns the arrays of a transposed product: that of tap t and row r is t * outputs + r. */
  static TapRows transposed(Taps taps, int outputs) {
    TapRows rows = ofSize(Math.multiplyExact(taps.count(), outputs));
    for (int i = 0; i < rows.row.length; i++) {
      rows.row[i] = i % outputs;
      rows.shift[i] = -taps.shift(i / outputs);
    }
    return rows;
  }

  private static TapRows ofSize(int size) {
    return new TapRows(new int[size], new int[size], new boolean[size]);
  }

  /** Marks all arrays as used. */
  TapRows all() {
    Arrays.fill(used, true);
    return this;
  }

  /** Marks the arrays as used that entries 0 to {@code count} name. */
  TapRows only(int[] entries, int count) {
    for (int k = 0; k < count; k++) {
      used[entries[k]] = true;
    }
    return this;
  }

  /**
   * Writes down, for each entry of the transposed copy, the array that it reads.
   *
   * @param csr a row for each column of the original
   * @param source at least nnz elements, overwritten
   */
  static void sources(CsrMatrix csr, Taps taps, int[] rowStart, int[] column, int[] source) {
    for (int r = 0; r < csr.rows(); r++) {
      int first = r % taps.count() * csr.columns();
      for (int k = rowStart[r]; k < rowStart[r + 1]; k++) {
        source[k] = first + column[k];
      }
    }
  }

  /** Returns the number of arrays. */
  int count() {
    return row.length;
  }

  /**
   * Fills the arrays that are used for positions {@code from} to {@code from + width} of the
   * result. What they would read before or behind a row is zero.
   *
   * @param arrays at least {@link #count}, made or replaced here where they are too short
   */
  void load(Tensor x, int from, int width, float[][] arrays) {
    float[] source = floats(x.buffer());
    for (int i = 0; i < row.length; i++) {
      if (used[i]) {
        if (arrays[i] == null || arrays[i].length < RowArrays.end(width)) {
          arrays[i] = RowArrays.row(width);
        }
        int at = from + shift[i];
        int first = Math.min(width, Math.max(0, -at));
        int end = Math.max(first, Math.min(width, x.positions() - at));
        int data = RowArrays.FIRST;
        Arrays.fill(arrays[i], data, data + first, 0);
        int start = start(x) + row[i] * x.stride() + at;
        System.arraycopy(source, start + first, arrays[i], data + first, end - first);
        Arrays.fill(arrays[i], data + end, data + width, 0);
      }
    }
  }
}
