/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.job;

import java.nio.file.Path;
import java.util.Optional;
import org.espalier.backend.Backend;
import org.espalier.backend.Backends;
import org.espalier.data.Dataset;
import org.espalier.nn.Network;
import org.espalier.recipes.Recipe;
import org.espalier.recipes.RecipePlan;
import org.espalier.run.RunDirectory;
import org.espalier.run.Safetensors;
import org.espalier.train.Evaluation;
import org.espalier.train.Evaluator;
import org.espalier.train.FeatureScaling;
import org.espalier.train.NetworkState;
import org.espalier.train.State;

/** Evaluates the model of a run. */
public final class EvaluateJob {

  private EvaluateJob() {}

  /**
   * What came out.
   *
   * @param data name of the data set
   * @param backend name of the backend
   * @param evaluation loss and accuracy on its test samples
   * @param samplesPerSecond speed of prediction
   */
  public record Outcome(
      String data, String backend, Evaluation evaluation, double samplesPerSecond) {}

  /**
   * Evaluates a model on the test samples of its data set or of another one; features are
   * normalised as they were in training.
   *
   * @throws org.espalier.UserException if run, model or data are not as they must be
   */
  public static Outcome run(Path run, Optional<String> otherData, JobOptions options) {
    try (RunDirectory folder = RunDirectory.open(run);
        Backend backend = Backends.open(options.backend(), options.threads())) {
      Recipe recipe = RunFiles.recipe(folder);
      if (otherData.isPresent()) {
        recipe = recipe.with("data.name", otherData.get(), "--data");
      }
      State model = Safetensors.read(folder.existingModel());
      FeatureScaling normalization =
          new FeatureScaling(
              model.floats(RunResults.SCALE),
              model.floats(RunResults.SHIFT, model.floats(RunResults.SCALE).length));
      Dataset data = JobData.open(recipe, options).withNormalization(normalization);
      int outputs = model.floats(outputBias(model)).length;
      RecipePlan plan = new RecipePlan(recipe);
      backend.use(plan.kernels());
      try (Network network =
          plan.network(data.features(), outputs, data.test().size()).build(backend)) {
        NetworkState.restore(network, model);
        long started = System.nanoTime();
        Evaluation evaluation = Evaluator.evaluate(network, plan.loss(), data.test());
        double seconds = (System.nanoTime() - started) * 1e-9;
        return new Outcome(data.name(), backend.name(), evaluation, evaluation.samples() / seconds);
      }
    }
  }

  /** The last bias belongs to the output layer. */
  private static String outputBias(State model) {
    return model.values().keySet().stream()
        .filter(name -> name.endsWith(".bias"))
        .reduce((first, second) -> second)
        .orElse("linear1.bias");
  }
}
