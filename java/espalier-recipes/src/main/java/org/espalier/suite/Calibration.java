/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.suite;

import java.util.ArrayList;
import java.util.List;

/**
 * How well probabilities fit what happens. Confidence is the probability of the predicted class.
 *
 * @param accuracy share of samples classified correctly
 * @param nll mean negative log-likelihood of the labels, in nats
 * @param brier mean over the samples of the sum over the classes of (probability - one-hot)^2, from
 *     0 to 2
 * @param ece expected calibration error: mean over the samples of |accuracy - confidence| of their
 *     bin
 * @param bins 15 of equal width; bin b holds confidences in (b/15, (b+1)/15]
 */
public record Calibration(
    double accuracy, double nll, double brier, double ece, List<ReliabilityBin> bins) {

  /** Number of bins. */
  public static final int BINS = 15;

  /** Keeps a copy of the bins. */
  public Calibration {
    bins = List.copyOf(bins);
  }

  /** Measures predictions at a temperature. */
  static Calibration of(Predictions predictions, double temperature) {
    double inverse = 1 / temperature;
    int classes = predictions.classes();
    int[] count = new int[BINS];
    int[] hits = new int[BINS];
    double[] confidence = new double[BINS];
    double[] probability = new double[classes];
    double brier = 0;
    for (int i = 0; i < predictions.size(); i++) {
      predictions.probabilities(i, inverse, probability);
      int predicted = predictions.predicted(i);
      int label = predictions.label(i);
      for (int c = 0; c < classes; c++) {
        double error = probability[c] - (c == label ? 1 : 0);
        brier += error * error;
      }
      int bin = bin(probability[predicted]);
      count[bin]++;
      confidence[bin] += probability[predicted];
      hits[bin] += predicted == label ? 1 : 0;
    }
    double gaps = 0;
    int hit = 0;
    List<ReliabilityBin> bins = new ArrayList<>();
    for (int b = 0; b < BINS; b++) {
      double n = count[b];
      bins.add(new ReliabilityBin(count[b], confidence[b] / n, hits[b] / n)); // 0 / 0 is NaN
      gaps += Math.abs(hits[b] - confidence[b]);
      hit += hits[b];
    }
    double n = predictions.size();
    return new Calibration(hit / n, predictions.nll(inverse), brier / n, gaps / n, bins);
  }

  private static int bin(double confidence) {
    return Math.min(BINS - 1, Math.max(0, (int) Math.ceil(confidence * BINS) - 1));
  }
}
