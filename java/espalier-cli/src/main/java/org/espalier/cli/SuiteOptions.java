/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cli;

import java.util.List;
import java.util.OptionalDouble;
import org.espalier.UserException;
import org.espalier.job.SuiteRequest;
import org.espalier.suite.Suite;
import org.espalier.suite.SuiteSettings;
import picocli.CommandLine.Option;

/** Options of {@code evaluate} about suites. */
final class SuiteOptions {

  @Option(
      names = "--suite",
      paramLabel = "NAME",
      split = ",",
      description = "calibration, ood or robustness; may be repeated.")
  private List<String> suites = List.of();

  @Option(
      names = "--ood",
      paramLabel = "NAME",
      description =
          "Second data set of suite ood, by name or path, or 'noise' for Gaussian noise on the test samples; may be repeated.")
  private List<String> ood = List.of();

  @Option(
      names = "--noise",
      paramLabel = "SHARE",
      description = "Standard deviation of --ood noise, as a share of a feature's range (0.1).")
  private String noise;

  @Option(
      names = "--samples",
      paramLabel = "N",
      description = "Most test samples of ood, on each side, and of robustness (10000).")
  private Integer samples;

  @Option(
      names = "--eps",
      paramLabel = "SHARE",
      split = ",",
      description =
          "How far attacks may change a feature, as shares of its range (1/255,2/255,4/255,8/255,16/255).")
  private List<String> eps;

  @Option(names = "--pgd-steps", paramLabel = "N", description = "Steps of PGD (10).")
  private Integer pgdSteps;

  @Option(
      names = "--pgd-step",
      paramLabel = "SHARE",
      description = "Length of a step of PGD (a quarter of eps).")
  private String pgdStep;

  @Option(
      names = "--no-random-start",
      description = "Start PGD at the sample instead of a random place of the ball.")
  private boolean noRandomStart;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Seed of every random choice of the suites (1).")
  private Long seed;

  /** Tells whether a suite was asked for. */
  boolean given() {
    return !suites.isEmpty();
  }

  /**
   * Refuses options that do nothing without a suite.
   *
   * @throws UserException if there are any
   */
  void checkUnused() {
    boolean unused =
        ood.isEmpty()
            && noise == null
            && samples == null
            && eps == null
            && pgdSteps == null
            && pgdStep == null
            && !noRandomStart
            && seed == null;
    if (!unused) {
      throw new UserException(
          "--ood, --noise, --samples, --eps, --pgd-steps, --pgd-step, --no-random-start and --seed are for suites; expected --suite calibration, ood or robustness.");
    }
  }

  SuiteRequest toRequest() {
    SuiteSettings usual = SuiteSettings.DEFAULT;
    return new SuiteRequest(
        suites.stream().map(Suite::of).toList(),
        ood,
        new SuiteSettings(
            seed == null ? usual.seed() : seed,
            samples == null ? usual.samples() : samples,
            noise == null ? usual.noiseDeviation() : share("--noise", noise),
            eps == null ? usual.eps() : eps.stream().map(text -> share("--eps", text)).toList(),
            pgdSteps == null ? usual.pgdSteps() : pgdSteps,
            pgdStep == null ? usual.pgdStep() : OptionalDouble.of(share("--pgd-step", pgdStep)),
            !noRandomStart));
  }

  /** Reads 0.03 or 8/255. */
  private static double share(String option, String text) {
    String[] parts = text.strip().split("/", -1);
    try {
      double number = Double.parseDouble(parts[0]);
      if (parts.length == 1) {
        return number;
      }
      if (parts.length == 2) {
        return number / Double.parseDouble(parts[1]);
      }
    } catch (NumberFormatException reportedBelow) {
      // falls through to the sentence
    }
    throw new UserException(
        "%s is '%s'; expected a number such as 0.03 or 8/255.".formatted(option, text));
  }
}
