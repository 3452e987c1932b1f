/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import static org.espalier.backend.host.HostBuffer.ints;

import java.util.Map;
import java.util.WeakHashMap;
import org.espalier.sparse.CsrMatrix;

/**
 * What products keep of the patterns in use, one thing for each. A pattern is known by its array of
 * columns, which a topology update never changes but replaces; what is kept goes when the garbage
 * collector takes that array, so it must not refer to it.
 */
final class PerPattern<T> {

  private final Map<int[], T> kept = new WeakHashMap<>();

  /** Returns what is kept of a pattern, or null. */
  T find(CsrMatrix pattern) {
    return kept.get(ints(pattern.column()));
  }

  /** Keeps something instead of what there was, and returns it. */
  T keep(CsrMatrix pattern, T made) {
    kept.put(ints(pattern.column()), made);
    return made;
  }

  int size() {
    return kept.size();
  }
}
