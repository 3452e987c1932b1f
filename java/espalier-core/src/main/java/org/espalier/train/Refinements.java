/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.train;

/**
 * What a run may do beyond plain steps and an evaluation after every epoch.
 *
 * @param evaluateEvery epochs between evaluations; after the last epoch there always is one
 * @param averageDecay of the moving averages that are evaluated and kept in place of the weights; 0
 *     for none
 * @param accumulate batches whose gradients are added up for a step
 * @param mixup alpha of mixing every batch with itself (Zhang et al., mixup, 2018); 0 for batches
 *     as they are
 */
public record Refinements(int evaluateEvery, double averageDecay, int accumulate, double mixup) {

  /** A run without any. */
  public static final Refinements NONE = new Refinements(1, 0, 1, 0);

  /** Checks the numbers. */
  public Refinements {
    if (evaluateEvery < 1) {
      throw new IllegalArgumentException(
          "an evaluation every " + evaluateEvery + " epochs; expected at least 1");
    }
    if (accumulate < 1) {
      throw new IllegalArgumentException(
          "steps of " + accumulate + " batches; expected at least 1");
    }
    if (!(mixup >= 0 && mixup < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("alpha of mixup is " + mixup + "; expected at least 0");
    }
    if (!(averageDecay >= 0 && averageDecay < 1)) {
      throw new IllegalArgumentException(
          "decay of averages is " + averageDecay + "; expected in [0, 1)");
    }
  }

  /** Returns these with another number of epochs between evaluations. */
  public Refinements withEvaluateEvery(int epochs) {
    return new Refinements(epochs, averageDecay, accumulate, mixup);
  }

  /** Returns these with another decay of averages, or 0 for none. */
  public Refinements withAverageDecay(double decay) {
    return new Refinements(evaluateEvery, decay, accumulate, mixup);
  }

  /** Returns these with another number of batches for a step. */
  public Refinements withAccumulate(int batches) {
    return new Refinements(evaluateEvery, averageDecay, batches, mixup);
  }

  /** Returns these with another alpha of mixup, or 0 for none. */
  public Refinements withMixup(double alpha) {
    return new Refinements(evaluateEvery, averageDecay, accumulate, alpha);
  }
}
