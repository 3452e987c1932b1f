/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HurwitzZetaTest {

  private static final double PI2 = Math.PI * Math.PI;

  @ParameterizedTest
  @CsvSource({
    "1.5, 1, 2.6123753486854883", // Riemann
    "2, 1, 1.6449340668482264",
    "2.5, 1, 1.3414872572509171",
    "3, 1, 1.2020569031595943", // Apery
    "1.01, 1, 100.57794333849687",
    "2, 0.5, 4.934802200544679", // pi^2 / 2
    "20, 1, 1.0000009539620339"
  })
  void isTheKnownValue(double s, double q, double zeta) {
    assertEquals(zeta, HurwitzZeta.scaled(s, q) / Math.pow(q, s), 1e-13 * zeta);
  }

  @ParameterizedTest
  @CsvSource({"1.3, 1", "2, 7", "2.7, 30", "6, 100", "40, 3", "200, 60"})
  void eachStepTakesAwayOneTerm(double s, int q) {
    // zeta(s, q) = q^-s + zeta(s, q + 1)
    double next = HurwitzZeta.scaled(s, q + 1) * Math.pow(q / (q + 1.0), s);
    assertEquals(HurwitzZeta.scaled(s, q), 1 + next, 1e-13 * (1 + next));
  }

  @ParameterizedTest
  @CsvSource({"2, 4", "3, 11", "5, 25"})
  void agreesWithTheSum(double s, int q) {
    double sum = 0;
    int last = 200_000;
    for (int k = last; k >= q; k--) {
      sum += Math.pow(k, -s);
    }
    double rest = Math.pow(last + 0.5, 1 - s) / (s - 1);
    assertEquals(sum + rest, HurwitzZeta.scaled(s, q) * Math.pow(q, -s), 1e-12 * sum);
    assertEquals(PI2 / 6, HurwitzZeta.scaled(2, 1), 1e-14);
  }
}
