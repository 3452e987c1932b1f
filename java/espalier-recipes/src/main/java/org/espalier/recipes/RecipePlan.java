/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.recipes;

import org.espalier.UserException;
import org.espalier.backend.KernelPolicy;
import org.espalier.backend.KernelPolicy.Precision;
import org.espalier.nn.Loss;
import org.espalier.nn.NetworkBuilder;
import org.espalier.nn.SampleShape;
import org.espalier.nn.WeightInit;
import org.espalier.optim.LearningRate;
import org.espalier.optim.Sgd;
import org.espalier.train.Refinements;
import org.espalier.train.TopologyPlan;
import org.espalier.train.TrainingPlan;

/** Turns the settings of a recipe into what the engine works with. */
public final class RecipePlan {

  private final Recipe recipe;

  /** Reads the settings of a recipe. */
  public RecipePlan(Recipe recipe) {
    this.recipe = recipe;
  }

  /**
   * Returns what builds the network.
   *
   * @param sample features, or images with their shape
   * @param classes outputs
   * @param samples training samples; a batch is never larger
   * @throws org.espalier.UserException if there is no such network
   */
  public NetworkBuilder network(SampleShape sample, int classes, int samples) {
    return new NetworkBuilder(
        new NetworkPlan(recipe).spec(sample, classes),
        new DensityPlan(recipe).rule(),
        init(),
        recipe.text("init.fan_in").equals("sparse"),
        recipe.whole("training.seed"),
        Math.min(training(samples).largestBatch(), samples));
  }

  /** Returns among which kernels the backend may choose. */
  public KernelPolicy kernels() {
    Precision precision =
        switch (recipe.text("kernels.policy")) {
          case "tf32" -> Precision.TF32;
          case "bf16" -> Precision.BF16;
          default -> Precision.FP32_EXACT;
        };
    return new KernelPolicy(precision, recipe.flag("kernels.tune"));
  }

  private int batchSize(int samples) {
    return Math.min(recipe.count("training.batch_size"), samples);
  }

  private WeightInit init() {
    WeightInit.Kind kind = WeightInit.Kind.valueOf(recipe.word("init.weights"));
    return new WeightInit(kind, (float) recipe.real("init.deviation"));
  }

  /** Returns the loss. */
  public Loss loss() {
    return recipe.text("training.loss").equals("mse")
        ? new Loss.MeanSquaredError()
        : new Loss.SoftmaxCrossEntropy((float) recipe.real("training.label_smoothing"));
  }

  /**
   * Returns the training plan.
   *
   * @param samples training samples; a batch is never larger
   */
  public TrainingPlan training(int samples) {
    TopologyPlan topology = new TopologySettings(recipe).plan().orElse(null);
    int accumulate = recipe.count("training.accumulate");
    if (accumulate > 1 && topology != null && topology.rule().observes()) {
      throw new UserException(
          "topology.grow is momentum, which follows the gradient of every step, and training.accumulate is %d; expected training.accumulate=1 or another topology.grow."
              .formatted(accumulate));
    }
    return new TrainingPlan(
        recipe.count("training.epochs"),
        batchSize(samples),
        recipe.whole("training.seed"),
        loss(),
        new Sgd(
            (float) recipe.real("optimizer.momentum"),
            recipe.flag("optimizer.nesterov"),
            (float) recipe.real("optimizer.weight_decay")),
        learningRate(),
        recipe.real("optimizer.clip_norm"),
        topology,
        recipe.count("checkpoint.every"),
        new Refinements(
            recipe.count("training.evaluate_every"),
            recipe.real("optimizer.average"),
            accumulate,
            recipe.real("training.mixup")));
  }

  private LearningRate learningRate() {
    double rate = recipe.real("learning_rate.rate");
    LearningRate schedule =
        switch (recipe.text("learning_rate.schedule")) {
          case "step" ->
              new LearningRate.Step(
                  rate,
                  recipe.reals("learning_rate.milestones"),
                  recipe.real("learning_rate.factor"));
          case "cosine" -> new LearningRate.Cosine(rate, recipe.real("learning_rate.last"));
          default -> new LearningRate.Constant(rate);
        };
    double warmup = recipe.real("learning_rate.warmup_epochs");
    if (warmup == 0) {
      return schedule;
    }
    return recipe.text("learning_rate.warmup").equals("by_epoch")
        ? new LearningRate.EpochWarmup(schedule, warmup)
        : new LearningRate.Warmup(schedule, warmup);
  }
}
