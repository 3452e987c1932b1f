/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.job;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.espalier.backend.Backend;
import org.espalier.backend.Backends;
import org.espalier.data.Dataset;
import org.espalier.measure.TopologyTracker;
import org.espalier.nn.Network;
import org.espalier.nn.NetworkBuilder;
import org.espalier.recipes.DensityPlan;
import org.espalier.recipes.Recipe;
import org.espalier.recipes.RecipePlan;
import org.espalier.recipes.RecipeYaml;
import org.espalier.run.LayerTopology;
import org.espalier.run.RunDirectory;
import org.espalier.run.RunRecorder;
import org.espalier.run.RunSummary;
import org.espalier.run.TopologySummary;
import org.espalier.train.State;
import org.espalier.train.Trainer;
import org.espalier.train.TrainingListener;
import org.espalier.train.TrainingPlan;
import org.espalier.train.TrainingResult;

/**
 * Trains a recipe into a run directory. Everything a user can get wrong is checked before the
 * directory is made, so a refused job leaves nothing behind.
 */
public final class TrainJob implements AutoCloseable {

  private final Recipe recipe;
  private final Dataset data;
  private final Backend backend;
  private final Network network;
  private final RunDirectory folder;
  private final JobOptions options;
  private final Instant started = Instant.now();
  private final Optional<State> checkpoint;
  private volatile Trainer trainer;
  private volatile boolean cancelled;

  /**
   * How a job ended.
   *
   * @param folder the run directory
   * @param report the report in it; not there if cancelled
   * @param summary figures of the run; null if cancelled
   * @param cancelled whether it was stopped before its end
   */
  public record Outcome(Path folder, Path report, RunSummary summary, boolean cancelled) {}

  private TrainJob(
      Recipe recipe,
      Dataset data,
      Backend backend,
      Network network,
      RunDirectory folder,
      JobOptions options,
      Optional<State> checkpoint) {
    this.recipe = recipe;
    this.data = data;
    this.backend = backend;
    this.network = network;
    this.folder = folder;
    this.options = options;
    this.checkpoint = checkpoint;
  }

  /**
   * Prepares a new run: opens the data, builds the network, makes the directory.
   *
   * @param out the directory to make; by default one named for recipe and time below {@code runs}
   * @throws org.espalier.UserException if recipe, data, backend or directory are not as they must
   *     be
   */
  public static TrainJob start(Recipe recipe, Optional<Path> out, JobOptions options) {
    Path path = out.orElseGet(() -> RunDirectory.defaultPath(recipe.name()));
    RunDirectory.checkFree(path);
    return prepare(recipe, options, Optional.empty(), data -> RunDirectory.create(path));
  }

  /**
   * Prepares to continue a run from its last checkpoint.
   *
   * @param epochs a new number of epochs, to lengthen the run
   * @throws org.espalier.UserException if there is nothing to continue
   */
  public static TrainJob resume(Path run, OptionalInt epochs, JobOptions options) {
    RunDirectory folder = RunDirectory.open(run);
    Recipe recipe = RunFiles.recipe(folder);
    State state = RunFiles.checkpoint(folder);
    if (epochs.isPresent()) {
      recipe = recipe.with("training.epochs=" + epochs.getAsInt());
    }
    RunFiles.checkResumable(folder, recipe, state);
    return prepare(
        recipe,
        options,
        Optional.of(state),
        data -> {
          RunFiles.checkData(state, data.fingerprint(), data.name());
          return folder;
        });
  }

  private interface FolderFactory {
    RunDirectory make(Dataset data);
  }

  private static TrainJob prepare(
      Recipe recipe, JobOptions options, Optional<State> checkpoint, FolderFactory folders) {
    RecipePlan plan = new RecipePlan(recipe);
    Backend backend = Backends.open(options.backend(), options.threads());
    Network network = null;
    try {
      backend.use(plan.kernels());
      Dataset data = JobData.open(recipe, options);
      int samples = data.train().size();
      NetworkBuilder builder = plan.network(JobData.sample(data), data.classes(), samples);
      network = new DensityPlan(recipe).build(builder, plan.loss(), data.train(), backend);
      RunDirectory folder = folders.make(data);
      return new TrainJob(recipe, data, backend, network, folder, options, checkpoint);
    } catch (RuntimeException | Error failed) {
      if (network != null) {
        network.close();
      }
      backend.close();
      throw failed;
    }
  }

  /** Returns one line about what is going to be trained, on what and where. */
  public String headline() {
    return "%s on %s (%,d training, %,d test samples), %,d of %,d weights (%.2f %%), backend %s: %s"
        .formatted(
            recipe.name(),
            data.name(),
            data.train().size(),
            data.test().size(),
            network.activeWeights(),
            network.denseWeights(),
            100.0 * network.activeWeights() / network.denseWeights(),
            backend.name(),
            backend.description());
  }

  /** Returns the number of epochs of the whole run. */
  public int epochs() {
    return recipe.count("training.epochs");
  }

  /** Returns the samples of a step. */
  public int batchSize() {
    return new RecipePlan(recipe).training(data.train().size()).stepSize();
  }

  /** Makes {@link #run} save a checkpoint and return soon; may be called from any thread. */
  public void cancel() {
    cancelled = true;
    Trainer running = trainer;
    if (running != null) {
      running.cancel();
    }
  }

  /**
   * Trains, and writes everything a run leaves behind.
   *
   * @param listener is told how it goes, besides the run's own recorder
   */
  public Outcome run(TrainingListener listener) {
    TrainingPlan plan = new RecipePlan(recipe).training(data.train().size());
    folder.writeRecipe(RecipeYaml.write(recipe));
    try (RunRecorder recorder =
        new RunRecorder(
            folder, state -> RunFiles.describe(state, recipe, data.fingerprint()), listener)) {
      recorder.keepCheckpoints(recipe.count("checkpoint.keep"));
      Trainer loop = new Trainer(network, plan, recorder);
      checkpoint.ifPresent(
          state -> {
            loop.resume(state);
            recorder.resume(state);
          });
      Optional<TopologyTracker> tracker = tracker();
      tracker.ifPresent(recorder::track);
      trainer = loop;
      if (cancelled) {
        loop.cancel();
      }
      TrainingResult result = loop.fit(data.train(), data.test());
      if (result.cancelled()) {
        return new Outcome(folder.path(), folder.report(), null, true);
      }
      List<LayerTopology> layers = LayerTopology.of(network);
      TopologySummary topology = TopologySummary.of(layers, tracker);
      RunSummary summary = RunSummary.of(setting(), result, network, topology, data.brokenImages());
      new RunResults(folder, recipe, data, network).write(summary, recorder.metrics(), layers);
      return new Outcome(folder.path(), folder.report(), summary, false);
    }
  }

  private Optional<TopologyTracker> tracker() {
    if (!recipe.flag("measure.exploration")) {
      return Optional.empty();
    }
    return checkpoint.isEmpty()
        ? Optional.of(new TopologyTracker(network))
        : TopologyTracker.resume(network, checkpoint.get());
  }

  private RunSummary.Setting setting() {
    return new RunSummary.Setting(
        recipe.name(),
        data.name(),
        backend.name(),
        recipe.whole("training.seed"),
        options.threads(),
        options.version(),
        started);
  }

  @Override
  public void close() {
    network.close();
    folder.close();
    backend.close();
  }
}
