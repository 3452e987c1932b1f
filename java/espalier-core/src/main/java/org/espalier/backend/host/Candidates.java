/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend.host;

import java.util.Arrays;

/** A growing list of cells: the first half of each one's key, and its canonical position. */
final class Candidates {

  private static final int FIRST_LENGTH = 64;

  private int[] orders = new int[FIRST_LENGTH];
  private long[] positions = new long[FIRST_LENGTH];
  private int size;

  void add(int order, long position) {
    if (size == orders.length) {
      orders = Arrays.copyOf(orders, 2 * size);
      positions = Arrays.copyOf(positions, 2 * size);
    }
    orders[size] = order;
    positions[size++] = position;
  }

  int size() {
    return size;
  }

  int order(int i) {
    return orders[i];
  }

  long position(int i) {
    return positions[i];
  }
}
