/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import org.espalier.backend.host.WorkerPool;
import org.espalier.sparse.CsrMatrix;
import org.espalier.sparse.TransposedCopy;

/** The indexes of the patterns in use. */
final class ReadIndexes {

  private final WorkerPool pool;
  private final PerPattern<ReadIndex> indexes = new PerPattern<>(ReadIndex::stride);

  ReadIndexes(WorkerPool pool) {
    this.pool = pool;
  }

  /**
   * Returns the index of the forward product and of the weight gradient.
   *
   * @param stride of the operand
   */
  ReadIndex of(CsrMatrix csr, int stride) {
    ReadIndex known = indexes.find(csr, stride);
    return known == null ? indexes.keep(csr, ReadIndex.forward(pool, csr, stride)) : known;
  }

  /** Returns the index of the input gradient of a convolution. */
  ReadIndex of(TransposedCopy copy, int stride) {
    ReadIndex known = indexes.find(copy.csr(), stride);
    return known == null ? indexes.keep(copy.csr(), ReadIndex.transposed(copy, stride)) : known;
  }
}
