/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.train;

import org.espalier.backend.Memory;
import org.espalier.tensor.Tensor;

/** Sums losses and hits over batches, in sample order, so that the sums have one value only. */
final class Tally {

  private final float[] losses;
  private final float[] hits;
  private double lossSum;
  private long correct;
  private long samples;

  Tally(int maxPositions) {
    this.losses = new float[maxPositions];
    this.hits = new float[maxPositions];
  }

  /** Adds a batch's outcome (loss and hit rows) and returns its mean loss. */
  double add(Memory memory, Tensor outcome) {
    int n = outcome.positions();
    memory.download(outcome.buffer(), outcome.offset(), losses, 0, n);
    memory.download(outcome.buffer(), outcome.offset() + outcome.stride(), hits, 0, n);
    double batch = 0;
    for (int p = 0; p < n; p++) {
      batch += losses[p];
      correct += hits[p] > 0 ? 1 : 0;
    }
    lossSum += batch;
    samples += n;
    return batch / n;
  }

  Evaluation result() {
    return new Evaluation(samples, lossSum / samples, correct / (double) samples);
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
