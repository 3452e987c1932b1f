/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.job;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.espalier.backend.Backend;
import org.espalier.backend.Backends;
import org.espalier.data.Dataset;
import org.espalier.nn.Network;
import org.espalier.nn.NetworkBuilder;
import org.espalier.plasticity.PlasticityExperiment;
import org.espalier.plasticity.PlasticityListener;
import org.espalier.plasticity.PlasticityPoint;
import org.espalier.plasticity.PlasticityRequest;
import org.espalier.plasticity.PlasticityResult;
import org.espalier.recipes.DensityPlan;
import org.espalier.recipes.Recipe;
import org.espalier.recipes.RecipePlan;
import org.espalier.recipes.RecipeYaml;
import org.espalier.run.RunDirectory;
import org.espalier.run.RunIo;
import org.espalier.run.RunJson;
import org.espalier.run.report.PlasticityPage;
import org.espalier.train.TrainingListener;
import org.espalier.train.TrainingPlan;

/**
 * Measures the pruning plasticity of a recipe into a folder: {@code plasticity.json} and {@code
 * plasticity.html}, written anew after each point of the run. Everything a user can get wrong is
 * checked before the folder is made, so a refused job leaves nothing behind.
 */
public final class PlasticityJob implements AutoCloseable {

  private final Recipe recipe;
  private final PlasticityRequest request;
  private final Dataset data;
  private final Backend backend;
  private final Network network;
  private final RunDirectory folder;
  private final TrainingPlan plan;
  private final PlasticityExperiment experiment;
  private final PlasticityResult.Setting setting;
  private final List<PlasticityPoint> points = new ArrayList<>();
  private final PlasticityListener listener;

  /**
   * Prepares the experiment: opens the data, builds the network, makes the folder.
   *
   * @param out the folder to make; by default one named for recipe and time below {@code runs}
   * @param listener is told how the trials go
   * @throws org.espalier.UserException if recipe, request, data, backend or folder are not as they
   *     must be
   */
  public PlasticityJob(
      Recipe recipe,
      PlasticityRequest request,
      Optional<Path> out,
      JobOptions options,
      PlasticityListener listener) {
    this.recipe = recipe;
    this.request = request;
    this.listener = listener;
    Path path = out.orElseGet(() -> RunDirectory.defaultPath("plasticity-" + recipe.name()));
    RunDirectory.checkFree(path);
    RecipePlan settings = new RecipePlan(recipe);
    this.backend = Backends.open(options.backend(), options.threads());
    Network built = null;
    try {
      backend.use(settings.kernels());
      this.data = JobData.open(recipe, options);
      this.plan = settings.training(data.train().size());
      built = network(settings);
      this.network = built;
      this.experiment =
          new PlasticityExperiment(network, plan, data.train(), data.test(), request, recorder());
      this.folder = RunDirectory.create(path);
    } catch (RuntimeException | Error failed) {
      if (built != null) {
        built.close();
      }
      backend.close();
      throw failed;
    }
    this.setting =
        new PlasticityResult.Setting(
            recipe.name(),
            data.name(),
            backend.name(),
            recipe.whole("training.seed"),
            options.version(),
            plan.epochs(),
            request.epochs(),
            request.remove(),
            request.exchange().isPresent() ? request.exchange().getAsDouble() : null,
            RecipeYaml.write(recipe));
  }

  /** The gradients that connections grow by may be of more than one batch. */
  private Network network(RecipePlan settings) {
    int samples = data.train().size();
    NetworkBuilder builder = settings.network(JobData.sample(data), data.classes(), samples);
    long most = (long) plan.batchSize() * request.gradientBatches();
    int positions = (int) Math.min(samples, Math.max(builder.maxPositions(), most));
    NetworkBuilder larger =
        new NetworkBuilder(
            builder.spec(),
            builder.density(),
            builder.init(),
            builder.sparseFanIn(),
            builder.seed(),
            positions);
    return new DensityPlan(recipe).build(larger, plan.loss(), data.train(), backend);
  }

  /** Returns one line about what is going to be trained, on what and where. */
  public String headline() {
    return "%s on %s (%,d training, %,d test samples), %d epochs, pruned at %d points, %d more after each, backend %s: %s"
        .formatted(
            recipe.name(),
            data.name(),
            data.train().size(),
            data.test().size(),
            plan.epochs(),
            points(),
            request.epochs(),
            backend.name(),
            backend.description());
  }

  /** Returns the number of epochs of the run that is pruned. */
  public int epochs() {
    return plan.epochs();
  }

  /** Returns at how many points of the run it prunes. */
  public int points() {
    return experiment.points();
  }

  /** Returns the samples of a step. */
  public int batchSize() {
    return plan.batchSize();
  }

  /** Makes {@link #run} return soon; may be called from any thread. */
  public void cancel() {
    experiment.cancel();
  }

  /**
   * Trains, prunes and trains on, and writes what comes out.
   *
   * @param run is told about the run that is pruned
   * @return all points, or if cancelled those that were finished
   */
  public PlasticityResult run(TrainingListener run) {
    experiment.run(run);
    return result();
  }

  /** Returns the page to look at; it is there if any point was finished. */
  public Path page() {
    return folder.path().resolve("plasticity.html");
  }

  private PlasticityResult result() {
    return new PlasticityResult(setting, points, points.size() == points());
  }

  /** Hears of every point, writes it and passes everything on. */
  private PlasticityListener recorder() {
    return new PlasticityListener() {
      @Override
      public void onStep(int trial, int trials, double share) {
        listener.onStep(trial, trials, share);
      }

      @Override
      public void onPoint(PlasticityPoint point) {
        points.add(point);
        PlasticityResult soFar = result();
        RunIo.writeText(folder.path().resolve("plasticity.json"), RunJson.pretty(soFar));
        RunIo.writeText(page(), PlasticityPage.of(soFar));
        listener.onPoint(point);
      }
    };
  }

  @Override
  public void close() {
    network.close();
    folder.close();
    backend.close();
  }
}
