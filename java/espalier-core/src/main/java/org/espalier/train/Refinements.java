/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.train;

/**
 * What a run may do beyond plain steps and an evaluation after every epoch.
 *
 * @param evaluateEvery epochs between evaluations; after the last epoch there always is one
 */
public record Refinements(int evaluateEvery) {

  /** A run without any. */
  public static final Refinements NONE = new Refinements(1);

  /** Checks the numbers. */
  public Refinements {
    if (evaluateEvery < 1) {
      throw new IllegalArgumentException(
          "an evaluation every " + evaluateEvery + " epochs; expected at least 1");
    }
  }

  /** Returns these with another number of epochs between evaluations. */
  public Refinements withEvaluateEvery(int epochs) {
    return new Refinements(epochs);
  }
}
