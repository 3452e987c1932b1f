/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import org.espalier.UserException;
import org.espalier.job.PlasticityJob;
import org.espalier.plasticity.PlasticityRequest;
import org.espalier.plasticity.PlasticityResult;
import org.espalier.recipes.Recipe;
import org.espalier.recipes.RecipeCatalogue;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Measures what pruning does at different points of a training run. */
@Command(
    name = "plasticity",
    description =
        "Train a recipe, prune it at many points of the run, train on from each, and compare.",
    mixinStandardHelpOptions = true)
final class PlasticityCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "RECIPE",
      description = "Built-in recipe or YAML file; see 'espalier recipes'.")
  private String recipe;

  @Mixin private RecipeOptions changes;

  @Option(
      names = "--at",
      paramLabel = "SHARES",
      defaultValue = "0.1,0.2,0.3,0.4,0.5,0.6,0.7,0.8,0.9,1.0",
      description = "Where in the run to prune, as shares of it (default: ${DEFAULT-VALUE}).")
  private String at;

  @Option(
      names = "--remove",
      paramLabel = "SHARES",
      defaultValue = "0.2,0.5,0.9,0.98",
      description =
          "How many of the connections that are there to remove (default: ${DEFAULT-VALUE}).")
  private String remove;

  @Option(
      names = "--continue",
      paramLabel = "EPOCHS",
      description =
          "Epochs to train on after pruning (default: 3 for each 16 of the run, as published).")
  private String continued;

  @Option(
      names = "--exchange",
      paramLabel = "SHARE",
      description =
          "Regenerate as GraNet does: prune this share of what is left as well and grow as many (default: grow as many as were removed).")
  private String exchange;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Folder to create (default: runs/plasticity-RECIPE-TIME).")
  private Path out;

  @Mixin private MachineOptions machine;

  @Override
  @SuppressWarnings("try") // the hook does its work by being open
  public Integer call() throws Exception {
    PrintWriter console = spec.commandLine().getOut();
    int columns = ProgressDisplay.terminalColumns();
    PlasticityDisplay display = new PlasticityDisplay(console, columns);
    Recipe chosen = changes.change(RecipeCatalogue.find(recipe));
    ProgressDisplay downloads = ProgressDisplay.ofDownloads(console);
    PlasticityJob job =
        new PlasticityJob(
            chosen, request(chosen), Optional.ofNullable(out), machine.toJob(downloads), display);
    try (InterruptHook hook = new InterruptHook(job::cancel);
        job) { // closed first: an interrupted JVM waits for the hook
      console.println(job.headline());
      PlasticityResult result;
      try {
        result = job.run(new ProgressDisplay(console, columns, job.epochs(), job.batchSize()));
      } finally {
        display.clear();
      }
      return report(console, job, result);
    }
  }

  private PlasticityRequest request(Recipe chosen) {
    return new PlasticityRequest(
        numbers("--at", at),
        numbers("--remove", remove),
        continued == null
            ? Math.max(1, Math.round(chosen.count("training.epochs") * 3 / 16f))
            : epochs("--continue", continued),
        exchange == null
            ? OptionalDouble.empty()
            : OptionalDouble.of(number("--exchange", exchange)),
        chosen.count("topology.gradient_batches"));
  }

  private static List<Double> numbers(String option, String text) {
    List<Double> numbers = new ArrayList<>();
    for (String word : text.split(",", -1)) {
      numbers.add(number(option, word.strip()));
    }
    return numbers;
  }

  private static double number(String option, String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException notNumber) {
      throw new UserException(
          "%s: '%s' is no number; expected shares such as 0.5.".formatted(option, text), notNumber);
    }
  }

  private static int epochs(String option, String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException notWhole) {
      throw new UserException(
          "%s %s: expected a whole number of epochs, at least 1.".formatted(option, text),
          notWhole);
    }
  }

  private static int report(PrintWriter console, PlasticityJob job, PlasticityResult result) {
    if (!result.points().isEmpty()) {
      console.println();
      new PlasticityTable(result).print(console);
      console.printf("%npage   %s%n", job.page().toUri());
    }
    if (!result.finished()) {
      console.printf("Stopped after %d of %d points.%n", result.points().size(), job.points());
      return InterruptHook.EXIT_CODE;
    }
    return 0;
  }
}
