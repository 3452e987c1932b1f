/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.benchmarks.acceptance;

import java.util.Arrays;
import java.util.List;
import org.espalier.train.TrainingListener;

/** Notes the losses of the first steps of a run. */
final class LossCurve implements TrainingListener {

  /** How many steps are noted. */
  static final int STEPS = 50;

  private final double[] losses = new double[STEPS];
  private int steps;

  @Override
  public void onStep(int epoch, int step, int ofEpoch, double loss) {
    if (steps < STEPS) {
      losses[steps++] = loss;
    }
  }

  /** Returns the losses noted so far, the first step's first. */
  List<Double> losses() {
    return Arrays.stream(losses, 0, steps).boxed().toList();
  }

  /**
   * Returns the largest relative difference of two curves; infinite if one is shorter or has a loss
   * that is no number.
   */
  static double difference(List<Double> curve, List<Double> reference) {
    if (curve.size() != reference.size()) {
      return Double.POSITIVE_INFINITY;
    }
    double worst = 0;
    for (int i = 0; i < curve.size(); i++) {
      double expected = reference.get(i);
      double relative = Math.abs(curve.get(i) - expected) / Math.abs(expected);
      worst =
          relative <= worst ? worst : Double.isNaN(relative) ? Double.POSITIVE_INFINITY : relative;
    }
    return worst;
  }
}
