/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.espalier.UserException;
import org.espalier.compare.Comparison;
import org.espalier.compare.ComparisonCase;
import org.espalier.compare.ComparisonTable;
import org.espalier.job.CompareJob;
import org.espalier.job.TrainJob;
import org.espalier.recipes.Recipe;
import org.espalier.recipes.RecipeCatalogue;
import org.espalier.run.RunSummary;
import org.espalier.train.TrainingListener;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Trains recipes side by side and puts the results into one table. */
@Command(
    name = "compare",
    description = {
      "Train recipes with several seeds, beside the dense network, and put the results into one"
          + " table.",
      "Runs that are in the folder already are not trained again."
    },
    mixinStandardHelpOptions = true)
final class CompareCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "1..*",
      paramLabel = "RECIPE",
      description =
          "Recipes or YAML files, with settings of their own after plus signs and a label"
              + " before: uniform=static-mlp+density.rule=uniform.")
  private List<String> recipes;

  @Option(
      names = "--seeds",
      paramLabel = "N",
      defaultValue = "3",
      description = "Runs of each, with seeds 1 to N (default: ${DEFAULT-VALUE}).")
  private int seeds;

  @Option(
      names = "--density",
      paramLabel = "D[,D...]",
      split = ",",
      description = "Values of density.overall (default: what each recipe says).")
  private List<String> densities = List.of();

  @Option(names = "--data", paramLabel = "NAME", description = "Data set, by name or path.")
  private String data;

  @Option(names = "--epochs", paramLabel = "N", description = "Passes over the training set.")
  private String epochs;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Change a setting of all recipes; may be repeated.")
  private List<String> settings = List.of();

  @Option(names = "--no-dense", description = "Leave the dense network out.")
  private boolean noDense;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "Folder for the runs and the table.")
  private Path out;

  @Mixin private MachineOptions machine;

  @Override
  @SuppressWarnings("try") // the hook does its work by being open
  public Integer call() {
    if (seeds < 1) {
      throw new UserException("--seeds is %d; expected at least 1.".formatted(seeds));
    }
    PrintWriter console = spec.commandLine().getOut();
    ProgressDisplay downloads = ProgressDisplay.ofDownloads(console);
    CompareJob job = new CompareJob(cases(), seeds, out, machine.toJob(downloads));
    try (InterruptHook hook = new InterruptHook(job::cancel)) {
      Comparison comparison = job.run(new Display(console));
      if (comparison == null || comparison.runsDone() < comparison.runs()) {
        console.println("Stopped; the same command goes on from here.");
        return InterruptHook.EXIT_CODE;
      }
      console.println(ComparisonTable.markdown(comparison));
      console.printf("report %s%n", job.page().toUri());
      return 0;
    }
  }

  private List<ComparisonCase> cases() {
    List<ComparisonCase> cases = new ArrayList<>();
    Map<Map<String, Object>, ComparisonCase> twins = new LinkedHashMap<>();
    for (String text : recipes) {
      Recipe recipe = ComparisonCase.recipe(text, allSettings(), RecipeCatalogue::find);
      String label = ComparisonCase.label(text);
      if (densities.isEmpty()) {
        cases.add(new ComparisonCase(label, Double.NaN, recipe));
      }
      for (String density : densities) {
        Recipe there = recipe.with("density.overall", density, "--density " + density);
        cases.add(new ComparisonCase(label, there.real("density.overall"), there));
      }
      ComparisonCase twin = cases.get(cases.size() - 1).denseTwin(twins.size() + 1);
      twins.putIfAbsent(twin.recipe().values(), twin);
    }
    List<ComparisonCase> all = new ArrayList<>(noDense ? List.of() : twins.values());
    all.addAll(cases);
    return all;
  }

  private List<String> allSettings() {
    List<String> all = new ArrayList<>(settings);
    if (data != null) {
      all.add("data.name=" + data);
    }
    if (epochs != null) {
      all.add("training.epochs=" + epochs);
    }
    return all;
  }

  /** A bar for the running training on a terminal, and a line for each that is done. */
  private record Display(PrintWriter out) implements CompareJob.Listener {

    @Override
    public TrainingListener onRun(int run, int runs, String label, TrainJob job) {
      int columns = ProgressDisplay.terminalColumns();
      return columns == 0
          ? new TrainingListener() {}
          : new ProgressDisplay(out, columns, job.epochs(), job.batchSize());
    }

    @Override
    public void onDone(int run, int runs, String label, RunSummary summary) {
      new StatusLine(out, ProgressDisplay.terminalColumns()).clear();
      out.printf(
          "[%d/%d] %s: %.2f %% with %,d weights in %.1f s%n",
          run,
          runs,
          label,
          100 * summary.testAccuracy(),
          summary.activeWeights(),
          summary.trainSeconds() + summary.topologySeconds());
      out.flush();
    }
  }
}
