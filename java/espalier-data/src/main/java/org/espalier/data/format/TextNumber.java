/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data.format;

import java.nio.charset.StandardCharsets;

/**
 * Reads decimal numbers out of text bytes, to the float that {@link Float#parseFloat} gives.
 *
 * <p>A number of up to 15 digits is exact in double precision, and so is a power of ten up to 22,
 * so one multiplication or division rounds correctly. Rounding the double to a float can only go
 * wrong where the double lies exactly half-way between two floats; those few go the slow way.
 */
final class TextNumber {

  private static final double[] POWERS = {
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22
  };

  private static final long BELOW_FLOAT = (1L << 29) - 1;
  private static final long HALF_WAY = 1L << 28;

  private TextNumber() {}

  /**
   * Returns the number in {@code [from, to)}: NaN if the text is no number, infinite if it is one
   * that a float cannot hold.
   */
  static float parse(byte[] text, int from, int to) {
    int at = from;
    boolean negative = false;
    if (at < to && (text[at] == '-' || text[at] == '+')) {
      negative = text[at++] == '-';
    }
    long mantissa = 0;
    int digits = 0;
    int point = -1;
    int exponent = 0;
    int firstDigit = at;
    for (; at < to; at++) {
      byte c = text[at];
      if (c >= '0' && c <= '9') {
        if (++digits <= 18) {
          mantissa = mantissa * 10 + (c - '0');
        }
      } else if (c == '.' && point < 0) {
        point = at;
      } else {
        break;
      }
    }
    if (digits == 0) {
      return Float.NaN;
    }
    if (point >= 0) {
      exponent = -(at - 1 - point);
    }
    if (at < to) {
      if (!isExponent(text, at, to)) {
        return Float.NaN;
      }
      return slow(text, from, to);
    }
    if (at - firstDigit > 17 || mantissa >= 1L << 53 || -exponent >= POWERS.length) {
      return slow(text, from, to);
    }
    double value = mantissa / POWERS[-exponent];
    if ((Double.doubleToRawLongBits(value) & BELOW_FLOAT) == HALF_WAY
        || (value < Float.MIN_NORMAL && mantissa != 0)) {
      return slow(text, from, to);
    }
    return (float) (negative ? -value : value);
  }

  private static boolean isExponent(byte[] text, int from, int to) {
    int at = from;
    if (text[at] != 'e' && text[at] != 'E') {
      return false;
    }
    at++;
    if (at < to && (text[at] == '-' || text[at] == '+')) {
      at++;
    }
    int firstDigit = at;
    while (at < to && text[at] >= '0' && text[at] <= '9') {
      at++;
    }
    return at == to && at > firstDigit;
  }

  private static float slow(byte[] text, int from, int to) {
    return Float.parseFloat(new String(text, from, to - from, StandardCharsets.US_ASCII));
  }
}
