/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cli;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.espalier.UserException;
import org.espalier.job.EvaluateJob;
import org.espalier.job.SuiteJob;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Evaluates the model of a run. */
@Command(
    name = "evaluate",
    description =
        "Evaluate the model of a run on its test samples, or on another data set; with --suite, beyond its accuracy.",
    mixinStandardHelpOptions = true)
final class EvaluateCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "RUN", description = "Run folder.")
  private Path run;

  @Option(
      names = "--data",
      paramLabel = "NAME",
      description = "Another data set of the same features (default: the run's own).")
  private String data;

  @Mixin private SuiteOptions suites;

  @Mixin private MachineOptions machine;

  @Override
  public Integer call() throws Exception {
    if (suites.given()) {
      return runSuites();
    }
    suites.checkUnused();
    var out = spec.commandLine().getOut();
    ProgressDisplay display = ProgressDisplay.ofDownloads(out);
    EvaluateJob.Outcome outcome =
        EvaluateJob.run(run, Optional.ofNullable(data), machine.toJob(display));
    out.printf(
        "test accuracy %.2f %%%n%stest loss     %.4f%nsamples       %,d of %s%nspeed         %,.0f samples/s on %s%n",
        100 * outcome.evaluation().accuracy(),
        Double.isNaN(outcome.evaluation().topFive())
            ? ""
            : "top 5         %.2f %%%n".formatted(100 * outcome.evaluation().topFive()),
        outcome.evaluation().loss(),
        outcome.evaluation().samples(),
        outcome.data(),
        outcome.samplesPerSecond(),
        outcome.backend());
    return 0;
  }

  private int runSuites() {
    if (data != null) {
      throw new UserException(
          "--data %s does not go with --suite, which judges a run by its own data; for a second set give --ood."
              .formatted(data));
    }
    var out = spec.commandLine().getOut();
    SuiteDisplay display = new SuiteDisplay(out, ProgressDisplay.terminalColumns());
    ProgressDisplay downloads = ProgressDisplay.ofDownloads(out);
    try {
      SuiteJob.run(run, suites.toRequest(), machine.toJob(downloads), display);
    } finally {
      display.clear();
    }
    return 0;
  }
}
