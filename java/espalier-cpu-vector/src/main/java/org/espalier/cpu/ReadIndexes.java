/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import org.espalier.backend.host.WorkerPool;
import org.espalier.sparse.CsrMatrix;
import org.espalier.sparse.TransposedCopy;

/** The indexes of the patterns in use, each for the stride that it was last wanted for. */
final class ReadIndexes {

  private final WorkerPool pool;
  private final PerPattern<ReadIndex> indexes = new PerPattern<>();

  ReadIndexes(WorkerPool pool) {
    this.pool = pool;
  }

  /**
   * Returns the index of the forward product and of the weight gradient.
   *
   * @param stride of the operand
   */
  ReadIndex of(CsrMatrix csr, int stride) {
    ReadIndex known = indexes.find(csr);
    return known != null && known.stride() == stride
        ? known
        : indexes.keep(csr, ReadIndex.forward(pool, csr, stride));
  }

  /** Returns the index of the input gradient of a convolution. */
  ReadIndex of(TransposedCopy copy, int stride) {
    ReadIndex known = indexes.find(copy.csr());
    return known != null && known.stride() == stride
        ? known
        : indexes.keep(copy.csr(), ReadIndex.transposed(copy, stride));
  }
}
