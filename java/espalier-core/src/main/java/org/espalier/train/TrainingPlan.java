/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.train;

import org.espalier.nn.Loss;
import org.espalier.optim.LearningRate;
import org.espalier.optim.Optimizer;
import org.espalier.optim.Sgd;
import org.espalier.topology.PruneAndGrow;
import org.espalier.topology.UpdateSchedule;

/**
 * Everything about a run that is neither the network nor the data.
 *
 * @param epochs passes over the training set
 * @param batchSize samples that go through the network at once: those of a step, unless it
 *     accumulates
 * @param seed of shuffling, dropout and topology updates
 * @param loss what is made small
 * @param optimizer how steps are made
 * @param learningRate how large they are
 * @param clipNorm largest norm of all gradients together; 0 for no clipping
 * @param topology how connections change; null for a fixed topology
 * @param checkpointEvery epochs between checkpoints
 * @param refinements what it does beyond plain steps
 */
public record TrainingPlan(
    int epochs,
    int batchSize,
    long seed,
    Loss loss,
    Optimizer optimizer,
    LearningRate learningRate,
    double clipNorm,
    TopologyPlan topology,
    int checkpointEvery,
    Refinements refinements) {

  /** Checks the numbers. */
  public TrainingPlan {
    if (epochs < 1 || batchSize < 1 || checkpointEvery < 1 || !(clipNorm >= 0)) {
      throw new IllegalArgumentException(
          "plan of %d epochs, batches of %d, checkpoints every %d, clip norm %s"
              .formatted(epochs, batchSize, checkpointEvery, clipNorm));
    }
    if (topology != null && topology.rule().observes() && refinements.accumulate() > 1) {
      throw new IllegalArgumentException(
          "a topology rule that follows the gradient of every step, which is in parts; expected steps of one batch");
    }
  }

  /** Makes a plan without refinements. */
  public TrainingPlan(
      int epochs,
      int batchSize,
      long seed,
      Loss loss,
      Optimizer optimizer,
      LearningRate learningRate,
      double clipNorm,
      TopologyPlan topology,
      int checkpointEvery) {
    this(
        epochs,
        batchSize,
        seed,
        loss,
        optimizer,
        learningRate,
        clipNorm,
        topology,
        checkpointEvery,
        Refinements.NONE);
  }

  /** Returns SET with momentum SGD and softmax cross-entropy, a plan to start from. */
  public static TrainingPlan set(int epochs, double learningRate) {
    return new TrainingPlan(
        epochs,
        100,
        1,
        new Loss.SoftmaxCrossEntropy(0),
        new Sgd(0.9f, false, 2e-4f),
        new LearningRate.Constant(learningRate),
        0,
        new TopologyPlan(PruneAndGrow.set(), UpdateSchedule.everyEpoch(), 1),
        1);
  }

  /** Returns the plan with another batch size. */
  public TrainingPlan withBatchSize(int size) {
    return with(size, seed, topology, refinements);
  }

  /** Returns the plan with another seed. */
  public TrainingPlan withSeed(long newSeed) {
    return with(batchSize, newSeed, topology, refinements);
  }

  /** Returns the plan with other changes of the topology, or null for a fixed one. */
  public TrainingPlan withTopology(TopologyPlan changes) {
    return with(batchSize, seed, changes, refinements);
  }

  /** Returns the plan with other refinements. */
  public TrainingPlan withRefinements(Refinements others) {
    return with(batchSize, seed, topology, others);
  }

  private TrainingPlan with(int size, long newSeed, TopologyPlan changes, Refinements others) {
    return new TrainingPlan(
        epochs,
        size,
        newSeed,
        loss,
        optimizer,
        learningRate,
        clipNorm,
        changes,
        checkpointEvery,
        others);
  }

  /** Returns the samples of a step. */
  public int stepSize() {
    return samples(refinements.accumulate());
  }

  /** Returns for batches of which size the network has to be built. */
  public int largestBatch() {
    return topology == null || !topology.rule().needsGradients()
        ? batchSize
        : samples(topology.gradientBatches());
  }

  /** More than there can be are all. */
  private int samples(int batches) {
    return (int) Math.min((long) batchSize * batches, Integer.MAX_VALUE);
  }
}
