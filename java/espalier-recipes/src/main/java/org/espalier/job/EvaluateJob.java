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
import org.espalier.train.Evaluation;
import org.espalier.train.Evaluator;

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
      RunModel model = RunModel.read(folder);
      Recipe recipe = model.recipe();
      if (otherData.isPresent()) {
        recipe = recipe.with("data.name", otherData.get(), "--data");
      }
      Dataset data = JobData.open(recipe, options).withNormalization(model.normalization());
      try (Network network = model.network(backend, data, data.test().size())) {
        long started = System.nanoTime();
        Evaluation evaluation =
            Evaluator.evaluate(network, new RecipePlan(recipe).loss(), data.test());
        double seconds = (System.nanoTime() - started) * 1e-9;
        return new Outcome(data.name(), backend.name(), evaluation, evaluation.samples() / seconds);
      }
    }
  }
}
