/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import static org.espalier.backend.host.HostBuffer.ints;

import org.espalier.backend.host.WorkerPool;
import org.espalier.sparse.CsrMatrix;
import org.espalier.sparse.Taps;
import org.espalier.sparse.TransposedCopy;

/**
 * Where the connections of a product read their operand: for position p, connection k reads element
 * {@code offset[k] + p} behind the start of the operand. So the inner loops need neither a stride
 * nor taps.
 *
 * @param stride of the operand
 * @param rowStart where the connections of each row of the result start, and the end
 * @param offset of each connection
 */
record ReadIndex(int stride, int[] rowStart, int[] offset) {

  /** Connections that cost as much as a vector, of which {@link Split} counts. */
  static final int PER_VECTOR = 8;

  /** Returns the index of the forward product and of the weight gradient. */
  static ReadIndex forward(WorkerPool pool, CsrMatrix csr, int stride) {
    int[] ofColumn = csr.taps().offsets(csr.channels(), stride);
    int[] column = ints(csr.column());
    int[] offset = new int[csr.nnz()];
    int parts = Split.parts(pool, csr.nnz() / PER_VECTOR);
    pool.run(
        parts,
        (part, worker) -> {
          int to = Split.lineStart(offset.length, part + 1, parts);
          for (int k = Split.lineStart(offset.length, part, parts); k < to; k++) {
            offset[k] = ofColumn[column[k]];
          }
        });
    return new ReadIndex(stride, ints(csr.rowStart()), offset);
  }

  /** Returns the index of the input gradient of a convolution. */
  static ReadIndex transposed(TransposedCopy copy, int stride) {
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
    return new ReadIndex(stride, rowStart, offset);
  }
}
