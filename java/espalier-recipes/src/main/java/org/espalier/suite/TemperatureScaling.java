/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.suite;

/**
 * Temperature scaling (Guo, Pleiss, Sun and Weinberger, On calibration of modern neural networks,
 * ICML 2017): one number that divides all logits, chosen so that the likelihood of the labels is
 * largest.
 *
 * @param temperature the number; above 1 it lowers confidence
 * @param atLimit whether the likelihood still rises at {@link #LOWEST} or {@link #HIGHEST}, as it
 *     does if every sample, or none, is classified correctly
 */
record TemperatureScaling(double temperature, boolean atLimit) {

  static final double LOWEST = 0.01;
  static final double HIGHEST = 100;

  private static final int HALVINGS = 60;

  /**
   * Fits the temperature. The negative log-likelihood is convex in 1 / temperature, so its slope
   * has one zero, which is found by halving.
   */
  static TemperatureScaling fit(Predictions predictions) {
    double low = 1 / HIGHEST;
    double high = 1 / LOWEST;
    if (slope(predictions, low) >= 0) {
      return new TemperatureScaling(HIGHEST, true);
    }
    if (slope(predictions, high) <= 0) {
      return new TemperatureScaling(LOWEST, true);
    }
    for (int i = 0; i < HALVINGS && high / low > 1 + 1e-9; i++) {
      double middle = Math.sqrt(low * high);
      if (slope(predictions, middle) < 0) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return new TemperatureScaling(1 / Math.sqrt(low * high), false);
  }

  /** The derivative by 1 / temperature: mean of (expected logit - logit of the label). */
  private static double slope(Predictions predictions, double inverse) {
    double[] probability = new double[predictions.classes()];
    double sum = 0;
    for (int i = 0; i < predictions.size(); i++) {
      predictions.probabilities(i, inverse, probability);
      double label = predictions.logit(i, predictions.label(i));
      for (int c = 0; c < probability.length; c++) {
        sum += probability[c] * (predictions.logit(i, c) - label);
      }
    }
    return sum / predictions.size();
  }
}
