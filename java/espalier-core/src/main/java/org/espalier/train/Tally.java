/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.train;

import org.espalier.tensor.Tensor;

/** Sums losses and hits over batches, in sample order, so that the sums have one value only. */
final class Tally {

  /** A hit counts 1, and of two labels that were mixed their shares: the heavier one decides. */
  private static final float HALF = 0.5f;

  private final float[] values;
  private double lossSum;
  private long correct;
  private long samples;
  private double amongFive = Double.NaN; // until somebody counts

  Tally(int maxPositions) {
    this.values = new float[2 * Tensor.strideFor(maxPositions)];
  }

  /** Adds a batch's outcome, waiting for it if need be, and returns the sum of its losses. */
  double add(BatchOutcome outcome) {
    outcome.values().get(values, 0);
    int n = outcome.positions();
    double batch = 0;
    for (int p = 0; p < n; p++) {
      batch += values[p];
      correct += values[outcome.stride() + p] > HALF ? 1 : 0;
    }
    lossSum += batch;
    samples += n;
    return batch;
  }

  /** Adds samples whose label is among the five best classes. */
  void addAmongFive(int hits) {
    amongFive = (Double.isNaN(amongFive) ? 0 : amongFive) + hits;
  }

  Evaluation result() {
    return new Evaluation(
        samples, lossSum / samples, correct / (double) samples, amongFive / samples);
  }

  void reset() {
    lossSum = 0;
    correct = 0;
    samples = 0;
  }

  void save(State state) {
    state.put("epoch.loss_sum", lossSum);
    state.put("epoch.correct", correct);
    state.put("epoch.samples", samples);
  }

  void restore(State state) {
    lossSum = state.real("epoch.loss_sum");
    correct = state.number("epoch.correct");
    samples = state.number("epoch.samples");
  }
}
