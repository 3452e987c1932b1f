/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.train;

import org.espalier.train.TrainingListener.Seconds;

/** Where a run stands, apart from the network: everything a checkpoint adds to the weights. */
final class Progress {

  int epoch = 1;
  int stepInEpoch;

  /** Samples of a step. */
  int batchSize;

  /** Samples of the training set; 0 before the first epoch. */
  int trainingSet;

  long step;
  int topologyUpdates;
  long samples;
  double flops;
  double learningRate;
  double bestAccuracy = -1;
  int bestEpoch;
  double trainSeconds;
  double topologySeconds;
  double evaluateSeconds;
  double epochTrainSeconds;
  double epochTopologySeconds;

  Seconds seconds() {
    return new Seconds(trainSeconds, topologySeconds, evaluateSeconds);
  }

  void save(State state) {
    state.put("progress.epoch", epoch);
    state.put("progress.step_in_epoch", stepInEpoch);
    state.put("progress.batch_size", batchSize);
    state.put("progress.training_set", trainingSet);
    state.put("progress.step", step);
    state.put("progress.topology_updates", topologyUpdates);
    state.put("progress.samples", samples);
    state.put("progress.flops", flops);
    state.put("progress.learning_rate", learningRate);
    state.put("progress.best_accuracy", bestAccuracy);
    state.put("progress.best_epoch", bestEpoch);
    state.put("progress.train_seconds", trainSeconds);
    state.put("progress.topology_seconds", topologySeconds);
    state.put("progress.evaluate_seconds", evaluateSeconds);
    state.put("progress.epoch_train_seconds", epochTrainSeconds);
    state.put("progress.epoch_topology_seconds", epochTopologySeconds);
  }

  void restore(State state) {
    epoch = (int) state.number("progress.epoch");
    stepInEpoch = (int) state.number("progress.step_in_epoch");
    batchSize = (int) state.number("progress.batch_size");
    trainingSet = (int) state.number("progress.training_set");
    step = state.number("progress.step");
    topologyUpdates = (int) state.number("progress.topology_updates");
    samples = state.number("progress.samples");
    flops = state.real("progress.flops");
    learningRate = state.real("progress.learning_rate");
    bestAccuracy = state.real("progress.best_accuracy");
    bestEpoch = (int) state.number("progress.best_epoch");
    trainSeconds = state.real("progress.train_seconds");
    topologySeconds = state.real("progress.topology_seconds");
    evaluateSeconds = state.real("progress.evaluate_seconds");
    epochTrainSeconds = state.real("progress.epoch_train_seconds");
    epochTopologySeconds = state.real("progress.epoch_topology_seconds");
  }
}
