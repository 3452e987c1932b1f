/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.job;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.espalier.UserException;
import org.espalier.compare.Comparison;
import org.espalier.compare.ComparisonCase;
import org.espalier.compare.ComparisonRow;
import org.espalier.compare.ComparisonTable;
import org.espalier.recipes.Recipe;
import org.espalier.recipes.RecipePlan;
import org.espalier.run.RunDirectory;
import org.espalier.run.RunIo;
import org.espalier.run.RunJson;
import org.espalier.run.RunSummary;
import org.espalier.run.report.ComparisonPage;
import org.espalier.train.TrainingListener;

/**
 * Trains several cases with several seeds into one folder. Runs that are there already are not
 * trained again, and one that stopped is taken up, so a comparison can be interrupted and grown.
 */
public final class CompareJob {

  private final List<ComparisonCase> cases;
  private final int seeds;
  private final Path out;
  private final JobOptions options;
  private volatile TrainJob running;
  private volatile boolean cancelled;

  /** Is told how a comparison goes. */
  public interface Listener {

    /**
     * A run is about to begin or to be read.
     *
     * @param run from 1
     * @return what is told how the run goes
     */
    TrainingListener onRun(int run, int runs, String label, TrainJob job);

    /** A run is done, now or earlier. */
    void onDone(int run, int runs, String label, RunSummary summary);
  }

  /**
   * Prepares a comparison.
   *
   * @param cases at least one
   * @param seeds runs of each, with seeds 1, 2, ...
   * @param out folder, made if need be
   * @throws UserException if two cases have one name
   */
  public CompareJob(List<ComparisonCase> cases, int seeds, Path out, JobOptions options) {
    this.cases = List.copyOf(cases);
    this.seeds = seeds;
    this.out = out;
    this.options = options;
    long names = cases.stream().map(ComparisonCase::fileName).distinct().count();
    if (names < cases.size()) {
      throw new UserException(
          "Two of the recipes to compare have one name; expected each only once.");
    }
    for (ComparisonCase each : cases) {
      new RecipePlan(each.recipe()).training(Integer.MAX_VALUE);
    }
  }

  /** Makes {@link #run} save what is running and return; may be called from any thread. */
  public void cancel() {
    cancelled = true;
    TrainJob job = running;
    if (job != null) {
      job.cancel();
    }
  }

  /** Returns the page with the results. */
  public Path page() {
    return out.resolve("compare.html");
  }

  /**
   * Trains what is not there yet, seed by seed, and writes the results after every run.
   *
   * @return the results, not of all runs if cancelled
   */
  public Comparison run(Listener listener) {
    Map<ComparisonCase, List<RunSummary>> done = new LinkedHashMap<>();
    cases.forEach(each -> done.put(each, new ArrayList<>()));
    int runs = cases.size() * seeds;
    int run = 0;
    Comparison comparison = null;
    for (int seed = 1; seed <= seeds; seed++) {
      for (ComparisonCase each : cases) {
        if (cancelled) {
          return comparison;
        }
        run++;
        String label = "%s seed %d".formatted(each.fileName(), seed);
        Optional<RunSummary> summary = one(each, seed, run, runs, label, listener);
        if (summary.isEmpty()) {
          return comparison;
        }
        done.get(each).add(summary.get());
        listener.onDone(run, runs, label, summary.get());
        comparison = sumUp(done, run, runs);
        write(comparison);
      }
    }
    return comparison;
  }

  private Optional<RunSummary> one(
      ComparisonCase each, int seed, int run, int runs, String label, Listener listener) {
    Recipe recipe = each.recipe().with("training.seed=" + seed);
    Path folder = out.resolve("runs").resolve(each.fileName() + "-seed" + seed);
    Optional<RunSummary> earlier = earlier(folder, recipe);
    if (earlier.isPresent()) {
      return earlier;
    }
    boolean resume = Files.isRegularFile(folder.resolve("recipe.yaml"));
    try (TrainJob job =
        resume
            ? TrainJob.resume(folder, OptionalInt.empty(), options)
            : TrainJob.start(recipe, Optional.of(folder), options)) {
      running = job;
      if (cancelled) {
        job.cancel();
      }
      TrainJob.Outcome outcome = job.run(listener.onRun(run, runs, label, job));
      return Optional.ofNullable(outcome.summary());
    } finally {
      running = null;
    }
  }

  /** Returns the summary of a run that is done already; forgets one that never got anywhere. */
  private static Optional<RunSummary> earlier(Path folder, Recipe recipe) {
    if (!Files.isRegularFile(folder.resolve("recipe.yaml"))) {
      return Optional.empty();
    }
    try (RunDirectory there = RunDirectory.open(folder)) {
      if (!RunFiles.recipe(there).values().equals(recipe.values())) {
        throw new UserException(
            "%s is a run of other settings; expected another --out, or the settings of before."
                .formatted(folder));
      }
      return Files.isRegularFile(there.summary())
          ? Optional.of(RunSummary.read(there.summary())).filter(RunSummary::finished)
          : Optional.empty();
    }
  }

  private static Comparison sumUp(
      Map<ComparisonCase, List<RunSummary>> done, int runsDone, int runs) {
    List<ComparisonRow> rows = new ArrayList<>();
    RunSummary any = null;
    for (Map.Entry<ComparisonCase, List<RunSummary>> entry : done.entrySet()) {
      if (!entry.getValue().isEmpty()) {
        any = entry.getValue().get(0);
        rows.add(ComparisonRow.of(entry.getKey().label(), entry.getValue()));
      }
    }
    return new Comparison(any.data(), any.backend(), runsDone, runs, rows);
  }

  private void write(Comparison comparison) {
    RunIo.writeText(out.resolve("compare.json"), RunJson.pretty(comparison));
    RunIo.writeText(out.resolve("compare.md"), ComparisonTable.markdown(comparison));
    RunIo.writeText(page(), ComparisonPage.of(comparison));
  }
}
