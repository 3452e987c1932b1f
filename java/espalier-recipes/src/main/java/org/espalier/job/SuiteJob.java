/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.job;

import java.nio.file.Path;
import org.espalier.backend.Backend;
import org.espalier.backend.Backends;
import org.espalier.nn.Loss;
import org.espalier.nn.Network;
import org.espalier.recipes.RecipePlan;
import org.espalier.run.RunDirectory;
import org.espalier.run.RunIo;
import org.espalier.run.RunJson;
import org.espalier.run.report.SuitePage;
import org.espalier.suite.CalibrationResult;
import org.espalier.suite.CalibrationSuite;
import org.espalier.suite.OodResult;
import org.espalier.suite.OodSuite;
import org.espalier.suite.RobustnessResult;
import org.espalier.suite.RobustnessSuite;
import org.espalier.suite.Suite;
import org.espalier.suite.SuiteProgress;
import org.espalier.suite.SuiteSetting;

/**
 * Judges the model of a run beyond its accuracy. Each suite leaves {@code evaluation-SUITE.json}
 * and {@code evaluation-SUITE.html} in the folder of the run, in place of those of an earlier time.
 */
public final class SuiteJob {

  /** Is told what came out, suite by suite. */
  public interface Listener extends SuiteProgress {

    /** Called when calibration is measured and written. */
    void onCalibration(SuiteSetting setting, CalibrationResult result, Path page);

    /** Called when detection of other sets is measured and written. */
    void onOod(SuiteSetting setting, OodResult result, Path page);

    /** Called when robustness is measured and written. */
    void onRobustness(SuiteSetting setting, RobustnessResult result, Path page);
  }

  /**
   * What is written.
   *
   * @param setting what was judged
   * @param result figures
   */
  private record Written(SuiteSetting setting, Object result) {}

  private final RunDirectory folder;
  private final SuiteRequest request;
  private final JobOptions options;
  private final Listener listener;

  private SuiteJob(
      RunDirectory folder, SuiteRequest request, JobOptions options, Listener listener) {
    this.folder = folder;
    this.request = request;
    this.options = options;
    this.listener = listener;
  }

  /**
   * Runs suites on the model of a run.
   *
   * @throws org.espalier.UserException if run, model or data are not as they must be
   */
  public static void run(Path run, SuiteRequest request, JobOptions options, Listener listener) {
    try (RunDirectory folder = RunDirectory.open(run);
        Backend backend = Backends.open(options.backend(), options.threads())) {
      RunModel model = RunModel.read(folder);
      SuiteInput input = SuiteInput.open(model, request, options);
      folder.lock();
      try (Network network = model.network(backend, input.data(), input.own().train().size())) {
        SuiteJob job = new SuiteJob(folder, request, options, listener);
        for (Suite suite : request.suites()) {
          job.run(suite, model, input, network);
        }
      }
    }
  }

  private void run(Suite suite, RunModel model, SuiteInput input, Network network) {
    SuiteSetting setting =
        new SuiteSetting(
            suite.id(),
            model.recipe().name(),
            input.data().name(),
            network.backend().name(),
            request.settings().seed(),
            options.version());
    switch (suite) {
      case CALIBRATION -> {
        CalibrationResult result =
            CalibrationSuite.run(network, input.own(), request.settings(), listener);
        Path page = write(setting, result, SuitePage.of(setting, result));
        listener.onCalibration(setting, result, page);
      }
      case OOD -> {
        boolean noise = request.ood().contains(OodSuite.NOISE);
        OodResult result =
            OodSuite.run(network, input.own(), input.others(), noise, request.settings(), listener);
        Path page = write(setting, result, SuitePage.of(setting, result));
        listener.onOod(setting, result, page);
      }
      default -> {
        RobustnessResult result =
            RobustnessSuite.run(network, loss(model), input.own(), request.settings(), listener);
        Path page = write(setting, result, SuitePage.of(setting, result));
        listener.onRobustness(setting, result, page);
      }
    }
  }

  /** The loss of the run, but towards the true label alone, without smoothing. */
  private static Loss loss(RunModel model) {
    Loss loss = new RecipePlan(model.recipe()).loss();
    return loss instanceof Loss.SoftmaxCrossEntropy ? new Loss.SoftmaxCrossEntropy(0) : loss;
  }

  /** Writes figures and page; returns where the page is. */
  private Path write(SuiteSetting setting, Object result, String page) {
    String name = "evaluation-" + setting.suite();
    Path figures = folder.path().resolve(name + ".json");
    RunIo.writeText(figures, RunJson.pretty(new Written(setting, result)));
    Path file = folder.path().resolve(name + ".html");
    RunIo.writeText(file, page);
    return file;
  }
}
