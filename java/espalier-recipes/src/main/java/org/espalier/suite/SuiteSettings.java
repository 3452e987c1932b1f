/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.suite;

import java.util.List;
import java.util.OptionalDouble;
import org.espalier.UserException;

/**
 * How suites go about their work.
 *
 * @param seed of every random choice
 * @param samples most test samples, on each side, of ood and robustness
 * @param noiseDeviation standard deviation of the noise set, as a share of a feature's range
 * @param eps how far an attack may change a feature, as shares of its range, ascending
 * @param pgdSteps steps of PGD
 * @param pgdStep length of a step, as a share of a feature's range; a quarter of eps by default
 * @param randomStart whether PGD starts at a random place of the ball
 */
public record SuiteSettings(
    long seed,
    int samples,
    double noiseDeviation,
    List<Double> eps,
    int pgdSteps,
    OptionalDouble pgdStep,
    boolean randomStart) {

  /** What is usual: 10 000 samples, 1/255 to 16/255, ten steps. */
  public static final SuiteSettings DEFAULT =
      new SuiteSettings(
          1,
          10_000,
          0.1,
          List.of(1 / 255.0, 2 / 255.0, 4 / 255.0, 8 / 255.0, 16 / 255.0),
          10,
          OptionalDouble.empty(),
          true);

  /**
   * Checks and sorts.
   *
   * @throws UserException if a number is out of its range
   */
  public SuiteSettings {
    if (samples < 1) {
      throw new UserException("--samples is %d; expected at least 1.".formatted(samples));
    }
    checkShare("--noise", noiseDeviation);
    if (eps.isEmpty()) {
      throw new UserException("--eps is empty; expected at least one number.");
    }
    eps.forEach(value -> checkShare("--eps", value));
    eps = eps.stream().distinct().sorted().toList();
    if (pgdSteps < 1) {
      throw new UserException("--pgd-steps is %d; expected at least 1.".formatted(pgdSteps));
    }
    if (pgdStep.isPresent()) {
      checkShare("--pgd-step", pgdStep.getAsDouble());
    }
  }

  private static void checkShare(String option, double value) {
    if (!(value > 0 && value <= 1)) {
      throw new UserException(
          "%s is %s; expected a share of the range of a feature, above 0 and at most 1."
              .formatted(option, value));
    }
  }

  /** Returns the length of a step of PGD in a ball of some size. */
  double step(double ball) {
    return pgdStep.orElse(ball / 4);
  }
}
