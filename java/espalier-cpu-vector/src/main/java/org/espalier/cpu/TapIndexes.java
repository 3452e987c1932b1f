/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import static org.espalier.backend.host.HostBuffer.ints;

import java.util.Map;
import java.util.WeakHashMap;
import org.espalier.sparse.CsrMatrix;
import org.espalier.sparse.TransposedCopy;

/**
 * The indexes of the kernels in use, each made when its pattern first comes along, and again for
 * another number of images. A pattern is known by its array of columns, which a topology update
 * never changes but replaces; an index goes when the garbage collector takes that array.
 */
final class TapIndexes {

  private final Map<int[], TapIndex> held = new WeakHashMap<>();

  /**
   * Returns the index of the forward product and of the weight gradient.
   *
   * @param stride of the operand
   */
  TapIndex of(CsrMatrix csr, int stride) {
    TapIndex known = known(csr, stride);
    return known == null ? keep(csr, TapIndex.forward(csr, stride)) : known;
  }

  /** Returns the index of the input gradient. */
  TapIndex of(TransposedCopy copy, int stride) {
    TapIndex known = known(copy.csr(), stride);
    return known == null ? keep(copy.csr(), TapIndex.transposed(copy, stride)) : known;
  }

  private TapIndex known(CsrMatrix csr, int stride) {
    TapIndex index = held.get(ints(csr.column()));
    return index != null && index.stride() == stride ? index : null;
  }

  private TapIndex keep(CsrMatrix csr, TapIndex index) {
    held.put(ints(csr.column()), index);
    return index;
  }
}
