/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend.host;

import java.util.Arrays;

/** Searching in ascending numbers. */
final class Ascending {

  private Ascending() {}

  /** Returns how many of the first {@code count} numbers, all different, are below a limit. */
  static int below(long[] numbers, int count, long limit) {
    int at = Arrays.binarySearch(numbers, 0, count, limit);
    return at < 0 ? ~at : at;
  }
}
