/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.topology;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigDecimal;

/** Compares a number with a published one, to the digits that were published. */
final class Digits {

  private Digits() {}

  /** Null expects nothing. */
  static void assertDigits(String published, double actual) {
    if (published != null) {
      BigDecimal expected = new BigDecimal(published);
      double half = 0.5 * Math.pow(10, -expected.scale());
      assertEquals(expected.doubleValue(), actual, half * (1 + 1e-9), published);
    }
  }
}
