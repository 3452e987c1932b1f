/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

/**
 * Finds out which product of a layer is faster, the sparse or the dense one, while the layer is
 * trained: they take turns, and the shortest times count. For the first times say little: code is
 * interpreted until the compiler has come round to it.
 */
final class ProductTrial {

  /** Turns of each at least. */
  private static final int TURNS = 8;

  /** What both take together at least, so that the compiler has time to do its work. */
  private static final long NANOS = 500_000_000L;

  private int runs;
  private long total;
  private long sparse = Long.MAX_VALUE;
  private long dense = Long.MAX_VALUE;

  /** Tells whose turn it is. */
  boolean denseIsNext() {
    return runs % 2 == 1;
  }

  /** Takes the time of the one whose turn it was. */
  void took(long nanos) {
    if (denseIsNext()) {
      dense = Math.min(dense, nanos);
    } else {
      sparse = Math.min(sparse, nanos);
    }
    total += nanos;
    runs++;
  }

  /** Tells whether it is known which one is faster. */
  boolean isOver() {
    return runs >= 2 * TURNS && total >= NANOS;
  }

  boolean denseIsFaster() {
    return dense < sparse;
  }
}
