/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import static org.espalier.backend.host.HostBuffer.ints;

import java.util.Map;
import java.util.WeakHashMap;
import org.espalier.backend.host.WorkerPool;
import org.espalier.sparse.CsrMatrix;
import org.espalier.sparse.TransposedCopy;

/**
 * The indexes of the patterns in use, each made when its pattern first comes along, and again for
 * another stride of the operand. A pattern is known by its array of columns, which a topology
 * update never changes but replaces; an index goes when the garbage collector takes that array.
 */
final class ReadIndexes {

  private final WorkerPool pool;
  private final Map<int[], ReadIndex> held = new WeakHashMap<>();

  ReadIndexes(WorkerPool pool) {
    this.pool = pool;
  }

  /**
   * Returns the index of the forward product and of the weight gradient.
   *
   * @param stride of the operand
   */
  ReadIndex of(CsrMatrix csr, int stride) {
    ReadIndex known = known(csr, stride);
    return known == null ? keep(csr, ReadIndex.forward(pool, csr, stride)) : known;
  }

  /** Returns the index of the input gradient of a convolution. */
  ReadIndex of(TransposedCopy copy, int stride) {
    ReadIndex known = known(copy.csr(), stride);
    return known == null ? keep(copy.csr(), ReadIndex.transposed(copy, stride)) : known;
  }

  private ReadIndex known(CsrMatrix csr, int stride) {
    ReadIndex index = held.get(ints(csr.column()));
    return index != null && index.stride() == stride ? index : null;
  }

  private ReadIndex keep(CsrMatrix csr, ReadIndex index) {
    held.put(ints(csr.column()), index);
    return index;
  }
}
