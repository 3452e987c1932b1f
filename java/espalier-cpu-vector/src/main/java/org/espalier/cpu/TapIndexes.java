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
    TapIndex known = held.get(ints(csr.column()));
    if (known == null || known.stride() != stride) {
      known = TapIndex.forward(csr, stride);
      held.put(ints(csr.column()), known);
    }
    return known;
  }

  /** Returns the index of the input gradient. */
  TapIndex of(TransposedCopy copy, int stride) {
    TapIndex known = held.get(ints(copy.csr().column()));
    if (known == null || known.stride() != stride) {
      known = TapIndex.transposed(copy, stride);
      held.put(ints(copy.csr().column()), known);
    }
    return known;
  }
}
