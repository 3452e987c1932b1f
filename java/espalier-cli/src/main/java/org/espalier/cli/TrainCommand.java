/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
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

  @Mixin private RecipeOptions changes;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Run folder to create (default: runs/RECIPE-TIME).")
  private Path out;

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
    Recipe chosen = changes.change(RecipeCatalogue.find(recipe));
    return TrainJob.start(chosen, Optional.ofNullable(out), machine.toJob(downloads()));
  }

  private TrainJob takeUp() {
    if (recipe != null || out != null || changes.hasMoreThanEpochs()) {
      throw new UserException(
          "--resume goes with --epochs, --data-dir, --backend and --threads only; the rest is fixed by the run.");
    }
    OptionalInt newEpochs = OptionalInt.empty();
    if (changes.hasEpochs()) {
      Recipe any = changes.change(RecipeCatalogue.find("set-mlp"));
      newEpochs = OptionalInt.of(any.count("training.epochs"));
    }
    return TrainJob.resume(resume, newEpochs, machine.toJob(downloads()));
  }

  private ProgressDisplay downloads() {
    return ProgressDisplay.ofDownloads(spec.commandLine().getOut());
  }

  private static int report(PrintWriter console, TrainJob.Outcome outcome) {
    if (outcome.cancelled()) {
      console.printf("Stopped; continue with: espalier train --resume %s%n", outcome.folder());
      return InterruptHook.EXIT_CODE;
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
