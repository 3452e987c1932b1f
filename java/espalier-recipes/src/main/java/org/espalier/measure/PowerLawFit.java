/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.measure;

import java.util.Optional;

/**
 * The power law that describes the tail of a degree distribution best, by the recipe of Clauset,
 * Shalizi and Newman, Power-law distributions in empirical data (SIAM Review 51, 2009): for each
 * possible xmin the exponent of largest likelihood (their equation 3.5), and of these the one with
 * the smallest Kolmogorov-Smirnov distance between the degrees from xmin on and the law.
 *
 * <p>Unlike there, a tail must have a quarter of the neurons: of any narrow distribution, Poisson
 * say, some last few per cent look like a very steep power law, which is not what scale-free means.
 *
 * @param law exponent and xmin
 * @param distance largest difference of the two cumulative distributions
 * @param tail the degrees from xmin on
 */
record PowerLawFit(PowerLaw law, double distance, DegreeHistogram tail) {

  /** A tail of fewer neurons says nothing: almost any law fits it. */
  private static final int FEWEST = 50;

  private static final int LEAST_SHARE = 4;

  /** No more candidates for xmin than this are tried; of more degrees, evenly spread ones. */
  private static final int CANDIDATES = 64;

  private static final double STEEPEST = 200;

  /** Returns the best fit, or nothing if no tail has enough neurons of at least two degrees. */
  static Optional<PowerLawFit> of(DegreeHistogram degrees) {
    int fewest = Math.max(FEWEST, degrees.neurons() / LEAST_SHARE);
    int possible = 0;
    int neurons = degrees.neurons();
    while (possible < degrees.values().length - 1 && neurons >= fewest) {
      neurons -= degrees.counts()[possible];
      possible++;
    }
    int tried = Math.min(possible, CANDIDATES);
    PowerLawFit best = null;
    for (int i = 0; i < tried; i++) {
      DegreeHistogram tail = degrees.tail((int) ((long) i * possible / tried));
      PowerLaw law = mostLikely(tail);
      double distance = distance(tail, law);
      if (best == null || distance < best.distance) {
        best = new PowerLawFit(law, distance, tail);
      }
    }
    return Optional.ofNullable(best);
  }

  /**
   * Returns the power law of largest likelihood, with xmin the smallest degree. The negative mean
   * log-likelihood {@code ln scaledZeta(a) + a * mean(ln(x / xmin))} is convex in a.
   */
  static PowerLaw mostLikely(DegreeHistogram tail) {
    int xmin = tail.values()[0];
    double logs = 0;
    double shifted = 0;
    for (int i = 0; i < tail.values().length; i++) {
      logs += tail.counts()[i] * Math.log(tail.values()[i] / (double) xmin);
      shifted += tail.counts()[i] * Math.log(tail.values()[i] / (xmin - 0.5));
    }
    double mean = logs / tail.neurons();
    double above = Math.min(STEEPEST, tail.neurons() / shifted); // their equation 3.7
    for (int round = 0; round < 60; round++) {
      double h = 1e-3 * above;
      double left = loss(1 + above - h, xmin, mean);
      double middle = loss(1 + above, xmin, mean);
      double right = loss(1 + above + h, xmin, mean);
      double curvature = (left - 2 * middle + right) / (h * h);
      double step = (left - right) / (2 * h) / curvature;
      double next = curvature > 0 ? above + step : left < right ? above / 2 : above * 2;
      next = Math.max(above / 3, Math.min(3 * above, next));
      next = Math.min(STEEPEST, next);
      boolean done = Math.abs(next - above) < 1e-7 * above;
      above = next;
      if (done) {
        break;
      }
    }
    return new PowerLaw(1 + above, xmin);
  }

  private static double loss(double alpha, int xmin, double meanLog) {
    return Math.log(HurwitzZeta.scaled(alpha, xmin)) + alpha * meanLog;
  }

  /** Both distributions are compared at each degree and right below it. */
  private static double distance(DegreeHistogram tail, PowerLaw law) {
    double greatest = 0;
    int below = 0;
    for (int i = 0; i < tail.values().length; i++) {
      int degree = tail.values()[i];
      double atLeast = law.atLeast(degree);
      double more = atLeast - law.probability(degree);
      int upTo = below + tail.counts()[i];
      greatest = Math.max(greatest, Math.abs(1 - atLeast - below / (double) tail.neurons()));
      greatest = Math.max(greatest, Math.abs(1 - more - upTo / (double) tail.neurons()));
      below = upTo;
    }
    return greatest;
  }
}
