/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import static org.espalier.backend.host.HostBuffer.ints;

import java.util.Map;
import java.util.WeakHashMap;
import java.util.function.ToIntFunction;
import org.espalier.sparse.CsrMatrix;

/**
 * What products keep of the patterns in use, one thing for each, made when its pattern first comes
 * along and again for another stride of the operand. A pattern is known by its array of columns,
 * which a topology update never changes but replaces; what is kept goes when the garbage collector
 * takes that array, so it must not refer to it.
 */
final class PerPattern<T> {

  private final Map<int[], T> kept = new WeakHashMap<>();
  private final ToIntFunction<T> strideOf;

  PerPattern(ToIntFunction<T> strideOf) {
    this.strideOf = strideOf;
  }

  /** Returns what is kept of a pattern for this stride, or null. */
  T find(CsrMatrix pattern, int stride) {
    T found = kept.get(ints(pattern.column()));
    return found != null && strideOf.applyAsInt(found) == stride ? found : null;
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
