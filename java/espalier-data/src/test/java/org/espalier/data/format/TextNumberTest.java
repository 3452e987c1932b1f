/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextNumberTest {

  private static float parse(String text) {
    byte[] bytes = Bytes.text("9" + text + "9");
    return TextNumber.parse(bytes, 1, bytes.length - 1);
  }

  private static void agrees(String text) {
    assertEquals(
        Float.floatToIntBits(Float.parseFloat(text)), Float.floatToIntBits(parse(text)), text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "-0",
        "+1",
        "-1",
        ".5",
        "-.4394",
        "5.",
        "1e3",
        "1E-3",
        "+2.5e+10",
        "123456789012345678",
        "0.1",
        "16777217",
        "16777219",
        "9007199254740993",
        "3.4028235e38",
        "1e-45",
        "1.17549435e-38",
        ".00000000000000000000000000000001",
        "00000000000000000000000012",
        "0.000000000000000"
      })
  void agreesWithTheJdk(String text) {
    agrees(text);
  }

  @Test
  void agreesWithTheJdkOnRandomNumbers() {
    Random random = new Random(11);
    for (int i = 0; i < 50_000; i++) {
      agrees(Float.toString(Float.intBitsToFloat(random.nextInt() & 0x7f7fffff)));
      agrees(Integer.toString(random.nextInt()));
      agrees((random.nextInt(2000) - 1000) + "." + random.nextInt(1_000_000));
    }
  }

  @Test
  void agreesWithTheJdkHalfWayBetweenFloats() {
    Random random = new Random(12);
    for (int i = 0; i < 20_000; i++) {
      float low = random.nextFloat() * 1000;
      double half = ((double) low + (double) Math.nextUp(low)) / 2;
      String exact = new BigDecimal(half).toPlainString();
      agrees(exact);
      agrees(exact + "1");
      agrees(exact.substring(0, Math.min(exact.length(), 17)));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-",
        ".",
        "abc",
        "1x",
        "x1",
        "1.2.3",
        "1e",
        "e5",
        "1e+",
        "nan",
        "NaN",
        "inf",
        "Infinity",
        "0x10",
        "1f",
        "1d",
        "1 2",
        "--1"
      })
  void whatIsNoNumberIsNaN(String text) {
    assertTrue(Float.isNaN(parse(text)), text);
  }

  @Test
  void tooLargeIsInfinite() {
    assertEquals(Float.POSITIVE_INFINITY, parse("1e39"));
    assertEquals(Float.NEGATIVE_INFINITY, parse("-1000000000000000000000000000000000000000"));
  }
}
