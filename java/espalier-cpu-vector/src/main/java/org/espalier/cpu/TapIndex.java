/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import static org.espalier.backend.host.HostBuffer.ints;

import java.util.Arrays;
import org.espalier.sparse.CsrMatrix;
import org.espalier.sparse.Taps;
import org.espalier.sparse.TransposedCopy;

/**
 * Where the connections of a convolution's product read their operand: for position p, connection k
 * reads element {@code offset[k] + p} behind the start of the operand.
 *
 * @param stride of the operand
 * @param rowStart where the connections of each row of the result start, and the end
 * @param offset of each connection
 */
record TapIndex(int stride, int[] rowStart, int[] offset) {

  /** Returns the index of the forward product and of the weight gradient. */
  static TapIndex forward(CsrMatrix csr, int stride) {
    Taps taps = csr.taps();
    int[] column = ints(csr.column());
    int[] ofColumn = taps.offsets(csr.channels(), stride);
    int[] offset = new int[csr.nnz()];
    Arrays.setAll(offset, k -> ofColumn[column[k]]);
    return new TapIndex(stride, ints(csr.rowStart()), offset);
  }

  /** Returns the index of the input gradient. */
  static TapIndex transposed(TransposedCopy copy, int stride) {
    Taps taps = copy.taps();
    CsrMatrix csr = copy.csr();
    int[] start = ints(csr.rowStart());
    int[] column = ints(csr.column());
    int phases = taps.phases().size();
    int[] rowStart = new int[csr.rows() / taps.count() * phases + 1];
    for (int row = 0; row < rowStart.length; row++) {
      rowStart[row] = start[row / phases * taps.count() + taps.firstTap(row % phases)];
    }
    int[] offset = new int[csr.nnz()];
    for (int row = 0; row < csr.rows(); row++) {
      int shift = taps.shift(row % taps.count());
      for (int k = start[row]; k < start[row + 1]; k++) {
        offset[k] = Math.multiplyExact(column[k], stride) - shift;
      }
    }
    return new TapIndex(stride, rowStart, offset);
  }
}
