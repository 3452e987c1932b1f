/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.topology;

import java.util.Arrays;

/** Splits a whole number over layers in proportion to weights, exactly. */
final class Apportionment {

  private Apportionment() {}

  /**
   * Splits by largest remainders. What a layer cannot take goes to the others, in proportion again.
   *
   * @param total at most the sum of the limits
   * @param weight of each layer, at least 0; all 0 count as equal
   * @param limit most that a layer takes
   */
  static long[] split(long total, double[] weight, long[] limit) {
    if (total > Arrays.stream(limit).sum()) {
      throw new IllegalArgumentException(
          "%d to split, at most %d possible".formatted(total, Arrays.stream(limit).sum()));
    }
    long[] share = new long[weight.length];
    boolean[] full = new boolean[weight.length];
    while (true) {
      long left = total - taken(share, full);
      long[] round = proportional(left, weight, full);
      boolean over = false;
      for (int l = 0; l < share.length; l++) {
        if (!full[l] && round[l] > limit[l]) {
          over = true;
          full[l] = true;
          share[l] = limit[l];
        }
      }
      if (!over) {
        for (int l = 0; l < share.length; l++) {
          share[l] = full[l] ? share[l] : round[l];
        }
        return share;
      }
    }
  }

  private static long taken(long[] share, boolean[] full) {
    long taken = 0;
    for (int l = 0; l < share.length; l++) {
      taken += full[l] ? share[l] : 0;
    }
    return taken;
  }

  private static long[] proportional(long total, double[] weight, boolean[] full) {
    double sum = 0;
    int open = 0;
    for (int l = 0; l < weight.length; l++) {
      sum += full[l] ? 0 : weight[l];
      open += full[l] ? 0 : 1;
    }
    long[] share = new long[weight.length];
    double[] remainder = new double[weight.length];
    long left = total;
    for (int l = 0; l < weight.length; l++) {
      double exact = full[l] ? 0 : sum > 0 ? total * (weight[l] / sum) : total / (double) open;
      share[l] = (long) Math.floor(exact);
      remainder[l] = full[l] ? Double.NEGATIVE_INFINITY : exact - share[l];
      left -= share[l];
    }
    for (; left > 0; left--) {
      int largest = 0;
      for (int l = 1; l < weight.length; l++) {
        largest = remainder[l] > remainder[largest] ? l : largest;
      }
      share[largest]++;
      remainder[largest]--;
    }
    for (int l = 0; left < 0; l++) { // a quotient was rounded up to a whole number
      long less = full[l] ? 0 : Math.min(share[l], -left);
      share[l] -= less;
      left += less;
    }
    return share;
  }
}
