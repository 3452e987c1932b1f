/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.suite;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How well a score tells test samples, the positives, from samples from elsewhere. A sample counts
 * as a test sample if its score is at least a threshold; samples of one score pass together.
 *
 * @param auroc area under the ROC curve: the probability that a test sample scores above one from
 *     elsewhere, ties counted half
 * @param aupr average precision: over all thresholds, from the highest down, the precision times
 *     the gain in recall (steps, no interpolation)
 * @param fpr95 share from elsewhere that passes the highest threshold that at least 95 % of the
 *     test samples pass
 * @param roc points of the ROC curve, from (0, 0) to (1, 1), thinned for drawing
 * @param histogram of the scores
 */
public record Detection(
    double auroc, double aupr, double fpr95, List<RocPoint> roc, ScoreHistogram histogram) {

  private static final double TPR = 0.95;
  private static final double APART = 0.005;

  /** Keeps a copy of the points. */
  public Detection {
    roc = List.copyOf(roc);
  }

  /**
   * Measures scores.
   *
   * @param in scores of test samples, at least one
   * @param out scores of samples from elsewhere, at least one
   */
  static Detection of(double[] in, double[] out) {
    double[] inside = in.clone();
    double[] outside = out.clone();
    Arrays.sort(inside);
    Arrays.sort(outside);
    int i = inside.length;
    int o = outside.length;
    int needed = (int) Math.ceil(TPR * inside.length - 1e-9);
    double area = 0; // of the ROC curve, in pairs
    double precisions = 0;
    double fpr95 = -1;
    List<RocPoint> roc = new ArrayList<>(List.of(new RocPoint(0, 0)));
    while (i > 0 || o > 0) {
      double threshold =
          Math.max(i > 0 ? inside[i - 1] : -1 / 0.0, o > 0 ? outside[o - 1] : -1 / 0.0);
      int gained = i;
      int passed = o;
      while (i > 0 && inside[i - 1] >= threshold) {
        i--;
      }
      while (o > 0 && outside[o - 1] >= threshold) {
        o--;
      }
      gained -= i;
      passed -= o;
      double below = inside.length - i - gained / 2.0; // positives above these, half of the equal
      area += passed * below;
      double positives = inside.length - i;
      double all = positives + outside.length - o;
      precisions += gained * (positives / all);
      if (fpr95 < 0 && positives >= needed) {
        fpr95 = (outside.length - o) / (double) outside.length;
      }
      add(roc, (outside.length - o) / (double) outside.length, positives / inside.length);
    }
    double pairs = (double) inside.length * outside.length;
    return new Detection(
        area / pairs, precisions / inside.length, fpr95, roc, ScoreHistogram.of(in, out));
  }

  private static void add(List<RocPoint> roc, double fpr, double tpr) {
    RocPoint last = roc.get(roc.size() - 1);
    boolean end = fpr == 1 && tpr == 1;
    if (end || fpr - last.fpr() >= APART || tpr - last.tpr() >= APART) {
      roc.add(new RocPoint(fpr, tpr));
    }
  }
}
