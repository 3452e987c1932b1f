/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.benchmarks.acceptance;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.espalier.data.DownloadProgress;
import org.espalier.job.JobOptions;
import org.espalier.job.TrainJob;
import org.espalier.recipes.Recipe;
import org.espalier.recipes.RecipeCatalogue;
import org.espalier.run.RunSummary;

/**
 * Trains SET-MLP with one seed on the CPU and twice on another backend: the loss curves and the
 * accuracies have to agree, and the two runs of the one backend have to leave the same model.
 *
 * @param folder where the runs go
 * @param settings changes of the recipe, as {@code key=value}
 */
record TrainingCheck(Path folder, List<String> settings) {

  private static final String REFERENCE = "cpu";
  private static final String RECIPE = "set-mlp";

  /** Relative difference allowed between the losses of a step. */
  private static final double LOSS_TOLERANCE = 1e-3;

  /** Difference allowed between the accuracies. */
  private static final double ACCURACY_TOLERANCE = 0.01;

  private record Run(List<Double> losses, RunSummary summary, Path folder) {}

  /** Returns whether all of it holds for a backend. */
  boolean run(String backend, PrintStream out) throws IOException {
    Run reference = train(REFERENCE, "reference", out);
    Run first = train(backend, "first", out);
    Run second = train(backend, "second", out);
    return curvesAgree(backend, first, reference, out)
        & accuraciesAgree(backend, first, reference, out)
        & sameBits(first, second, out);
  }

  private Run train(String backend, String name, PrintStream out) {
    Recipe recipe = RecipeCatalogue.find(RECIPE);
    for (String setting : settings) {
      recipe = recipe.with(setting);
    }
    JobOptions options =
        new JobOptions(
            Optional.empty(),
            backend,
            Runtime.getRuntime().availableProcessors(),
            "acceptance",
            DownloadProgress.NONE);
    LossCurve curve = new LossCurve();
    try (TrainJob job = TrainJob.start(recipe, Optional.of(folder.resolve(name)), options)) {
      out.println(job.headline());
      TrainJob.Outcome outcome = job.run(curve);
      RunSummary summary = outcome.summary();
      out.printf(
          Locale.ROOT,
          "  test accuracy %.4f, %.3f s of training, %.3f s of topology updates, %,d samples a second%n",
          summary.testAccuracy(),
          summary.trainSeconds(),
          summary.topologySeconds(),
          Math.round(summary.samplesPerSecond()));
      return new Run(curve.losses(), summary, outcome.folder());
    }
  }

  private static boolean curvesAgree(String backend, Run run, Run reference, PrintStream out) {
    out.printf("%6s %14s %14s %14s%n", "step", REFERENCE, backend, "difference");
    int steps = Math.min(run.losses().size(), reference.losses().size());
    for (int i = 0; i < steps; i = i == 0 ? 9 : i + 10) {
      double expected = reference.losses().get(i);
      double loss = run.losses().get(i);
      out.printf(
          Locale.ROOT,
          "%6d %14.8f %14.8f %14.2e%n",
          i + 1,
          expected,
          loss,
          Math.abs(loss - expected) / Math.abs(expected));
    }
    double difference = LossCurve.difference(run.losses(), reference.losses());
    boolean agree = difference <= LOSS_TOLERANCE;
    out.printf(
        Locale.ROOT,
        "losses of the first %d steps: largest relative difference %.2e, allowed %.0e: %s%n",
        steps,
        difference,
        LOSS_TOLERANCE,
        verdict(agree));
    return agree;
  }

  private static boolean accuraciesAgree(String backend, Run run, Run reference, PrintStream out) {
    double expected = reference.summary().testAccuracy();
    double accuracy = run.summary().testAccuracy();
    boolean agree = Math.abs(accuracy - expected) <= ACCURACY_TOLERANCE;
    out.printf(
        Locale.ROOT,
        "test accuracy: %s %.4f, %s %.4f, difference allowed %.2f: %s%n",
        REFERENCE,
        expected,
        backend,
        accuracy,
        ACCURACY_TOLERANCE,
        verdict(agree));
    return agree;
  }

  private static boolean sameBits(Run first, Run second, PrintStream out) throws IOException {
    String model = "model.safetensors";
    long mismatch = Files.mismatch(first.folder().resolve(model), second.folder().resolve(model));
    boolean same = mismatch < 0 && first.losses().equals(second.losses());
    out.printf("two runs with the same seed leave the same bits: %s%n", verdict(same));
    return same;
  }

  private static String verdict(boolean holds) {
    return holds ? "passed" : "FAILED";
  }
}
