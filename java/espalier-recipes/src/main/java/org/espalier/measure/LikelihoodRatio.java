/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.measure;

/**
 * Whether a power law or another law describes a tail better: the likelihood-ratio test of Vuong as
 * Clauset, Shalizi and Newman use it (2009, section 5.1 and appendix C).
 *
 * @param other the other law
 * @param ratio log-likelihood of the power law minus that of the other; positive speaks for the
 *     power law
 * @param p how likely a ratio as far from zero is if both are equally good; above 0.1 neither is
 *     better
 */
public record LikelihoodRatio(String other, double ratio, double p) {

  /** Hubs make the ratio huge and its spread, with it p, too; beyond this it speaks for itself. */
  private static final double DECISIVE = 10;

  static LikelihoodRatio of(PowerLawFit fit, TailModel other) {
    DegreeHistogram tail = fit.tail();
    double[] logs = other.logProbabilities(tail);
    double n = tail.neurons();
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < logs.length; i++) {
      double difference = fit.law().logProbability(tail.values()[i]) - logs[i];
      sum += tail.counts()[i] * difference;
      squares += tail.counts()[i] * difference * difference;
    }
    double variance = Math.max(0, squares / n - sum / n * (sum / n));
    double deviation = Math.sqrt(n * variance);
    return new LikelihoodRatio(
        other.label(), sum, deviation == 0 ? 1 : twoSided(Math.abs(sum) / deviation));
  }

  /**
   * Returns the probability that a standard normal number is at least as far from zero: the series
   * of the error function, or far out its continued fraction.
   *
   * @param z not negative
   */
  static double twoSided(double z) {
    double x = z / Math.sqrt(2);
    if (x < 2) {
      double term = x;
      double sum = x;
      for (int k = 1; Math.abs(term) > 1e-17 * sum; k++) {
        term *= -x * x / k * (2 * k - 1) / (2 * k + 1);
        sum += term;
      }
      return 1 - 2 / Math.sqrt(Math.PI) * sum;
    }
    double fraction = x;
    for (int k = 60; k > 0; k--) {
      fraction = x + k / 2.0 / fraction;
    }
    return Math.exp(-x * x) / (Math.sqrt(Math.PI) * fraction);
  }

  /** Tells whether the other law is better, beyond chance. */
  public boolean favoursOther() {
    return ratio < 0 && p < ScaleFreeness.SIGNIFICANT;
  }

  /** Tells whether the power law is better, beyond chance. */
  public boolean favoursPowerLaw() {
    return ratio > 0 && (p < ScaleFreeness.SIGNIFICANT || ratio > DECISIVE);
  }
}
