/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data.image;

import org.espalier.sparse.Keys;

/**
 * The random numbers of one change of one sample in one pass: hashes of what they are for, so that
 * it does not matter which thread draws them, nor when.
 */
final class Chance {

  private final long key;
  private long drawn;

  /** Begins the numbers of one purpose. */
  Chance(long passKey, int sample, int purpose) {
    this.key = Keys.of(passKey, sample, purpose);
  }

  /** Returns a number in {@code [0, 1)}. */
  double uniform() {
    return (Keys.hash(key, drawn++) >>> 11) * 0x1p-53;
  }

  /** Returns a number in {@code [from, to)}. */
  double between(double from, double to) {
    return from + (to - from) * uniform();
  }

  /** Returns a whole number in {@code [0, count)}. */
  int below(int count) {
    return (int) (count * uniform());
  }
}
