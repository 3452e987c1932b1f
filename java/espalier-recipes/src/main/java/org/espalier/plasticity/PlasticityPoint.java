/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.plasticity;

import java.util.List;
import java.util.Optional;

/**
 * A point of the run, and what pruning there did.
 *
 * @param epoch after which the network was taken, from 1
 * @param learningRate of the last step of that epoch, and of all steps of the trials
 * @param connections of all sparse layers
 * @param accuracy on the test samples before pruning
 * @param accuracyUnpruned after as many more epochs without pruning; NaN if that diverged
 * @param change {@code accuracyUnpruned} less {@code accuracy}
 * @param trials all methods for the first share to remove, then for the next
 */
public record PlasticityPoint(
    int epoch,
    double learningRate,
    long connections,
    double accuracy,
    double accuracyUnpruned,
    double change,
    List<PlasticityTrial> trials) {

  /** Copies the list. */
  public PlasticityPoint {
    trials = List.copyOf(trials);
  }

  /** Returns the trial of a method, if it was made. */
  public Optional<PlasticityTrial> trial(double remove, PruningMethod method) {
    return trials.stream()
        .filter(trial -> trial.remove() == remove && trial.method() == method)
        .findFirst();
  }
}
