/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend.host;

import org.espalier.sparse.ValueRule;

/**
 * What an update adds.
 *
 * @param positions canonical positions, ascending
 * @param count how many of them there are
 * @param initial what each starts with, a function of {@code valueKey} and position
 * @param keepRegrown whether a connection that goes in the same update comes back as it was
 */
record Growth(long[] positions, int count, ValueRule initial, long valueKey, boolean keepRegrown) {

  /** Returns how many are before a position. */
  int before(long position) {
    return Ascending.below(positions, count, position);
  }

  /** Returns a position, or one behind all others from {@code end} on. */
  long position(int i, int end) {
    return i < end ? positions[i] : Long.MAX_VALUE;
  }

  /** Returns what a connection starts with. */
  float valueAt(int i) {
    return initial.valueAt(valueKey, positions[i]);
  }
}
