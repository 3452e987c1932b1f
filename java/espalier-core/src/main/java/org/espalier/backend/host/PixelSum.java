/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend.host;

/** A sum in double precision, in two chains since each addition waits for the one before. */
public final class PixelSum {

  private PixelSum() {}

  /** Returns the sum of {@code count} numbers. */
  public static double of(float[] values, int from, int count) {
    double even = 0;
    double odd = 0;
    int i = from;
    for (; i < from + count - 1; i += 2) {
      even += values[i];
      odd += values[i + 1];
    }
    return i < from + count ? even + odd + values[i] : even + odd;
  }
}
