/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend.host;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.espalier.sparse.CsrMatrix;
import org.espalier.tensor.DeviceBuffer;

/** Writes sparse matrices down as dense ones, with NaN where there is no connection. */
final class Layer {

  static final float NONE = Float.NaN;

  private Layer() {}

  static CsrMatrix of(HostMemory memory, float[]... rows) {
    int[] rowStart = new int[rows.length + 1];
    List<Integer> columns = new ArrayList<>();
    List<Float> values = new ArrayList<>();
    for (int r = 0; r < rows.length; r++) {
      for (int c = 0; c < rows[r].length; c++) {
        if (!Float.isNaN(rows[r][c])) {
          columns.add(c);
          values.add(rows[r][c]);
        }
      }
      rowStart[r + 1] = columns.size();
    }
    float[] array = new float[values.size()];
    for (int k = 0; k < array.length; k++) {
      array[k] = values.get(k);
    }
    return new CsrMatrix(
        rows.length,
        rows[0].length,
        array.length,
        memory.of(rowStart),
        memory.of(columns.stream().mapToInt(Integer::intValue).toArray()),
        memory.of(array));
  }

  /** Returns one row that holds these values in adjacent columns. */
  static CsrMatrix row(HostMemory memory, float... values) {
    return of(memory, values);
  }

  /** Returns the values by canonical position, having checked that the arrays are in order. */
  static TreeMap<Long, Float> cells(HostMemory memory, CsrMatrix csr) {
    return cells(memory, csr, csr.values());
  }

  /** Returns another array's elements by canonical position. */
  static TreeMap<Long, Float> cells(HostMemory memory, CsrMatrix csr, DeviceBuffer array) {
    int[] rowStart = memory.ints(csr.rowStart(), csr.rows() + 1);
    int[] column = memory.ints(csr.column(), csr.nnz());
    float[] values = memory.floats(array, csr.nnz());
    if (rowStart[0] != 0 || rowStart[csr.rows()] != csr.nnz()) {
      throw new AssertionError("row starts " + Arrays.toString(rowStart));
    }
    TreeMap<Long, Float> cells = new TreeMap<>();
    for (int r = 0; r < csr.rows(); r++) {
      for (int k = rowStart[r]; k < rowStart[r + 1]; k++) {
        long position = (long) r * csr.columns() + column[k];
        boolean ascends = cells.isEmpty() || position > cells.lastKey();
        if (!ascends || column[k] < 0 || column[k] >= csr.columns()) {
          throw new AssertionError("entry %d is at column %d of row %d".formatted(k, column[k], r));
        }
        cells.put(position, values[k]);
      }
    }
    return cells;
  }
}
