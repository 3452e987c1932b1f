/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.run.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class NumbersTest {

  @Test
  void sharesHaveMoreDigitsTheSmallerTheyAre() {
    assertEquals("84.21 %", Numbers.percent(0.84213));
    assertEquals("0.0067 %", Numbers.percent(6.7e-5));
    assertEquals("0 %", Numbers.percent(0));
    assertEquals("100 %", Numbers.percent(1));
    assertEquals("–", Numbers.percent(Double.NaN));
  }

  @Test
  void countsAreShort() {
    assertEquals("0", Numbers.compact(0));
    assertEquals("999", Numbers.compact(999));
    assertEquals("71.4 k", Numbers.compact(71_434));
    assertEquals("1 M", Numbers.compact(999_999));
    assertEquals("2.8 M", Numbers.compact(2_797_010));
    assertEquals("-2.5", Numbers.compact(-2.5));
    assertEquals("1.0e+30", Numbers.compact(1e30));
    assertEquals("–", Numbers.compact(Double.POSITIVE_INFINITY));
  }

  @Test
  void timesHaveTheUnitThatFits() {
    assertEquals("0.00 s", Numbers.seconds(0));
    assertEquals("3.00 ms", Numbers.seconds(0.003));
    assertEquals("684 ms", Numbers.seconds(0.684));
    assertEquals("1.90 s", Numbers.seconds(1.9));
    assertEquals("2 min 13 s", Numbers.seconds(133));
    assertEquals("2 h 5 min", Numbers.seconds(7500));
    assertEquals("–", Numbers.seconds(Double.NaN));
  }

  @Test
  void memoryIsInTheUnitThatGivesItDigits() {
    assertEquals("61 KiB", Numbers.bytes(61L << 10));
    assertEquals("512 MiB", Numbers.bytes(512L << 20));
    assertEquals("1.50 GiB", Numbers.bytes(1536L << 20));
    assertEquals("–", Numbers.bytes(null));
  }
}
