/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScaleFreenessTest {

  private static int[] powerLaw(int n, double alpha, int xmin, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    PowerLaw law = new PowerLaw(alpha, xmin);
    int[] degrees = new int[n];
    Arrays.setAll(degrees, i -> law.quantile(random.nextDouble(), xmin));
    return degrees;
  }

  /** Degrees of neurons that get each of {@code possible} connections with equal probability. */
  private static int[] random(int n, double mean, int possible, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int[] degrees = new int[n];
    for (int i = 0; i < n; i++) {
      for (int c = 0; c < possible; c++) {
        degrees[i] += random.nextDouble() < mean / possible ? 1 : 0;
      }
    }
    return degrees;
  }

  @ParameterizedTest
  @CsvSource({"2.0, 1", "2.5, 4", "3.0, 10"})
  void findsAKnownExponent(double alpha, int xmin) {
    ScaleFreeness found = ScaleFreeness.of(powerLaw(5000, alpha, xmin, 3), 1);
    assertEquals(alpha, found.alpha(), 0.1);
    assertEquals(xmin, found.xmin(), 0.5 + 0.5 * xmin);
    assertTrue(found.p() > ScaleFreeness.SIGNIFICANT, found.verdict());
    assertTrue(found.verdict().startsWith("a power law is plausible"), found.verdict());
    assertFalse(found.verdict().contains("but so"), found.verdict());
  }

  @Test
  void findsWhereTheLawBegins() {
    int[] degrees = powerLaw(3000, 2.5, 20, 4);
    int[] low = random(2000, 8, 100, 5);
    int[] both = Arrays.copyOf(degrees, 5000);
    System.arraycopy(low, 0, both, 3000, 2000);
    ScaleFreeness found = ScaleFreeness.of(both, 1);
    assertEquals(20, found.xmin(), 3);
    assertEquals(2.5, found.alpha(), 0.1);
    assertEquals(3000, found.tail(), 300);
    assertEquals(found.tail() / 5000.0, found.expectedAtLeast(found.xmin()), 0.002);
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 20, 60})
  void degreesDrawnAtRandomAreNoPowerLaw(int mean) {
    for (int seed = 0; seed < 5; seed++) {
      ScaleFreeness found = ScaleFreeness.of(random(1000, mean, 784, seed), 1);
      assertFalse(found.verdict().startsWith("a power law is plausible"), found.verdict());
    }
  }

  @Test
  void aSmallPComesAsOftenAsItSaysIfTheLawHolds() {
    int below = 0;
    int half = 0;
    for (int study = 0; study < 60; study++) {
      double p = ScaleFreeness.of(powerLaw(300, 2.5, 3, 100 + study), study).p();
      below += p <= 0.1 ? 1 : 0;
      half += p <= 0.5 ? 1 : 0;
    }
    assertTrue(below <= 13, below + " of 60 below 0.1"); // 6 expected, deviation 2.3
    assertTrue(half >= 18 && half <= 42, half + " of 60 below 0.5"); // 30, deviation 3.9
  }

  @Test
  void theSameSeedGivesTheSameResult() {
    int[] degrees = random(500, 20, 500, 9);
    assertEquals(ScaleFreeness.of(degrees, 7), ScaleFreeness.of(degrees, 7));
  }

  @Test
  void tooLittleToTellIsSaid() {
    int[] same = new int[1000];
    Arrays.fill(same, 12);
    for (int[] degrees : new int[][] {{}, new int[100], same, powerLaw(40, 2, 1, 1)}) {
      ScaleFreeness found = ScaleFreeness.of(degrees, 1);
      assertFalse(found.hasLaw());
      assertTrue(Double.isNaN(found.p()) && found.verdict().startsWith("too few"));
    }
  }

  @Test
  void wideLayersDoNotTakeLong() {
    long started = System.nanoTime();
    ScaleFreeness.of(powerLaw(200_000, 2.1, 2, 1), 1);
    assertTrue(System.nanoTime() - started < 30e9, "half a minute is far too long");
  }

  @Test
  void theNormalDistributionIsThatOfTables() {
    assertEquals(1, LikelihoodRatio.twoSided(0), 1e-15);
    assertEquals(0.05, LikelihoodRatio.twoSided(1.959963984540054), 1e-14);
    assertEquals(0.01, LikelihoodRatio.twoSided(2.5758293035489004), 1e-14);
    assertEquals(0.0026997960632601866, LikelihoodRatio.twoSided(3), 1e-15);
    assertEquals(1.973175290075396e-9, LikelihoodRatio.twoSided(6), 1e-20);
  }

  @Test
  void otherLawsAreDistributions() {
    // all degrees from 3 to 400 once: the probabilities of all of them add up to one
    int[] degrees = new int[398];
    Arrays.setAll(degrees, i -> i + 3);
    DegreeHistogram tail = DegreeHistogram.of(degrees);
    for (TailModel model : new TailModel[] {new TailModel.Poisson(), new TailModel.Exponential()}) {
      double sum = Arrays.stream(model.logProbabilities(tail)).map(Math::exp).sum();
      assertEquals(1, sum, model instanceof TailModel.Poisson ? 1e-9 : 0.15, model.label());
    }
    double sum = 0;
    PowerLaw law = new PowerLaw(2.2, 3);
    for (int degree : degrees) {
      sum += law.probability(degree);
    }
    assertEquals(1 - law.atLeast(401), sum, 1e-12);
    assertEquals(Math.log(law.probability(17)), law.logProbability(17), 1e-12);
  }
}
