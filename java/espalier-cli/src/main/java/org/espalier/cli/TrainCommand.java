/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.espalier.UserException;
import org.espalier.job.TrainJob;
import org.espalier.recipes.Recipe;
import org.espalier.recipes.RecipeCatalogue;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Trains a recipe, or takes up a run that stopped. */
@Command(
    name = "train",
    description = "Train a recipe, or continue a run with --resume.",
    mixinStandardHelpOptions = true)
final class TrainCommand implements Callable<Integer> {

  private static final int INTERRUPTED = 130;

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "RECIPE",
      description = "Built-in recipe or YAML file; see 'espalier recipes'.")
  private String recipe;

  @Option(
      names = "--resume",
      paramLabel = "RUN",
      description = "Run folder to continue; with --epochs a finished run is lengthened.")
  private Path resume;

  @Option(names = "--data", paramLabel = "NAME", description = "Data set, by name or path.")
  private String data;

  @Option(names = "--epochs", paramLabel = "N", description = "Passes over the training set.")
  private String epochs;

  @Option(names = "--seed", paramLabel = "N", description = "Seed of every random choice.")
  private String seed;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Run folder to create (default: runs/RECIPE-TIME).")
  private Path out;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Change a setting of the recipe; may be repeated.")
  private List<String> settings = List.of();

  @Mixin private MachineOptions machine;

  @Override
  @SuppressWarnings("try") // the hook does its work by being open
  public Integer call() throws Exception {
    TrainJob job = resume == null ? start() : takeUp();
    PrintWriter console = spec.commandLine().getOut();
    try (InterruptHook hook = new InterruptHook(job::cancel);
        job) { // closed first: an interrupted JVM waits for the hook
      console.println(job.headline());
      ProgressDisplay display =
          new ProgressDisplay(
              console, ProgressDisplay.terminalColumns(), job.epochs(), job.batchSize());
      TrainJob.Outcome outcome;
      try {
        outcome = job.run(display);
      } finally {
        display.clear();
      }
      return report(console, outcome);
    }
  }

  private TrainJob start() {
    if (recipe == null) {
      throw new UserException(
          "No recipe was named; expected 'espalier train RECIPE' or 'espalier train --resume RUN'.");
    }
    Recipe chosen = RecipeCatalogue.find(recipe);
    for (String setting : settings) {
      chosen = chosen.with(setting);
    }
    chosen = override(chosen, "data.name", data, "--data");
    chosen = override(chosen, "training.epochs", epochs, "--epochs");
    chosen = override(chosen, "training.seed", seed, "--seed");
    return TrainJob.start(chosen, Optional.ofNullable(out), machine.toJob(downloads()));
  }

  private static Recipe override(Recipe recipe, String key, String value, String option) {
    return value == null ? recipe : recipe.with(key, value, option + " " + value);
  }

  private TrainJob takeUp() {
    if (recipe != null || data != null || seed != null || out != null || !settings.isEmpty()) {
      throw new UserException(
          "--resume goes with --epochs, --data-dir, --backend and --threads only; the rest is fixed by the run.");
    }
    OptionalInt newEpochs = OptionalInt.empty();
    if (epochs != null) {
      Recipe any = RecipeCatalogue.find("set-mlp");
      any = override(any, "training.epochs", epochs, "--epochs");
      newEpochs = OptionalInt.of(any.count("training.epochs"));
    }
    return TrainJob.resume(resume, newEpochs, machine.toJob(downloads()));
  }

  private ProgressDisplay downloads() {
    return new ProgressDisplay(
        spec.commandLine().getOut(), ProgressDisplay.terminalColumns(), 1, 1);
  }

  private static int report(PrintWriter console, TrainJob.Outcome outcome) {
    if (outcome.cancelled()) {
      console.printf("Stopped; continue with: espalier train --resume %s%n", outcome.folder());
      return INTERRUPTED;
    }
    console.printf(
        "test accuracy %.2f %%%s with %,d of %,d weights (%.2f %%)%n",
        100 * outcome.summary().testAccuracy(),
        Double.isNaN(outcome.summary().testTop5Accuracy())
            ? ""
            : " (top 5: %.2f %%)".formatted(100 * outcome.summary().testTop5Accuracy()),
        outcome.summary().activeWeights(),
        outcome.summary().denseWeights(),
        100 * outcome.summary().density());
    if (outcome.summary().brokenImages() > 0) {
      console.printf(
          "%,d image files could not be decoded; others were taken in their place%n",
          outcome.summary().brokenImages());
    }
    console.printf("run    %s%nreport %s%n", outcome.folder(), outcome.report().toUri());
    return 0;
  }
}
