/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.run.report;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/** Which of many points of a line are drawn: more than there are pixels would only cost space. */
final class Thinning {

  private static final int MOST = 400;

  private Thinning() {}

  /** Returns ascending indices of so many points: all, or evenly spread ones with both ends. */
  static int[] of(int points) {
    int kept = Math.min(points, MOST);
    return IntStream.range(0, kept)
        .map(i -> kept == points ? i : (int) ((long) i * (points - 1) / (kept - 1)))
        .toArray();
  }

  /** Returns a value for each of these indices. */
  static int[] pick(int[] indices, IntUnaryOperator value) {
    return Arrays.stream(indices).map(value).toArray();
  }
}
