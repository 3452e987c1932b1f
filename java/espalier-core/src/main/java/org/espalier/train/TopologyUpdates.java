/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.train;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.espalier.nn.GradientSink;
import org.espalier.nn.Network;
import org.espalier.nn.Pass;
import org.espalier.sparse.Keys;
import org.espalier.sparse.SparseWeights;
import org.espalier.tensor.Tensor;
import org.espalier.topology.RunMoment;
import org.espalier.topology.TopologyChange;
import org.espalier.topology.TopologyMemory;
import org.espalier.topology.TopologyRule;
import org.espalier.topology.TopologyUpdate;

/**
 * The topology updates of a run. Gradients, if the rule needs any, are those of the samples that
 * come next in the epoch, which the training steps see as well; they are not spent on a step.
 */
final class TopologyUpdates implements AutoCloseable {

  private static final int EVOLVE = 13;
  private static final int DROPOUT = 14;

  private final Network network;
  private final TrainingPlan plan;
  private final Progress progress;
  private final TopologyRule rule;
  private final TopologyMemory memory;
  private final BatchLoader loader;
  private final TrainingStep step;

  /** What the gradient of a layer's weights is made of. */
  private record Operands(Tensor x, Tensor dy) {}

  /**
   * Prepares the updates of a plan that has any.
   *
   * @param memory of the rule; stays the caller's
   */
  TopologyUpdates(
      Network network,
      TrainingPlan plan,
      Progress progress,
      TopologyMemory memory,
      SampleSource train) {
    this.network = network;
    this.plan = plan;
    this.progress = progress;
    this.rule = plan.topology().rule();
    this.memory = memory;
    if (!rule.needsGradients()) {
      this.loader = null;
      this.step = null;
      return;
    }
    int samples = Math.min(plan.largestBatch(), train.size());
    if (network.maxPositions() < samples) {
      throw new IllegalArgumentException(
          "network for batches of %d, topology updates with the gradients of %d samples"
              .formatted(network.maxPositions(), samples));
    }
    this.loader = new BatchLoader(network, train, samples);
    try {
      this.step =
          new TrainingStep(network, plan.loss(), plan.optimizer(), plan.clipNorm(), samples);
    } catch (RuntimeException | Error failure) {
      loader.close();
      throw failure;
    }
  }

  /** Returns what has to see the training steps, or null. */
  GradientSink.Observer observer() {
    return rule.observes()
        ? (weights, x, dy) ->
            progress.flops += rule.observe(network.backend(), memory, weights, x, dy)
        : null;
  }

  /** Tells whether the rule ends the run with a change. */
  boolean changesAtFinish() {
    return rule.changesAtFinish();
  }

  /** Does the next update, or the one after the last step. */
  List<TopologyChange> next(boolean finish, int steps) {
    int number = ++progress.topologyUpdates;
    Map<SparseWeights, Operands> operands = rule.needsGradients() ? gradients(number) : Map.of();
    List<TopologyUpdate.Layer> layers = new ArrayList<>();
    for (SparseWeights weights : network.sparseWeights()) {
      long key = Keys.of(plan.seed(), EVOLVE, weights.name().hashCode(), number);
      Operands of = operands.getOrDefault(weights, new Operands(null, null));
      layers.add(new TopologyUpdate.Layer(weights, key, of.x(), of.dy()));
    }
    RunMoment moment =
        new RunMoment(
            progress.step, (long) plan.epochs() * steps, steps, plan.topology().schedule());
    TopologyUpdate update = new TopologyUpdate(network.backend(), layers, memory, moment);
    return finish ? rule.finish(update) : rule.update(update);
  }

  private Map<SparseWeights, Operands> gradients(int number) {
    loader.shuffle(Keys.of(plan.seed(), EpochSteps.SHUFFLE), progress.epoch);
    long first = (long) progress.stepInEpoch * plan.stepSize();
    Tensor input = loader.loadFrom((int) (first % progress.trainingSet));
    step.forward(input, loader.labels(), Pass.training(Keys.of(plan.seed(), DROPOUT, number)));
    progress.flops += gradientFlops() * input.positions();
    Map<SparseWeights, Operands> operands = new HashMap<>();
    step.show((weights, x, dy) -> operands.put(weights, new Operands(x, dy)));
    return operands;
  }

  /** Forward, backward to the activations, and a gradient of all weights or of those there are. */
  private double gradientFlops() {
    double weights = rule.growsByGradient() ? network.denseFlops() : network.flops();
    return 2 * network.flops() + weights;
  }

  @Override
  public void close() {
    if (step != null) {
      step.close();
      loader.close();
    }
  }
}
