/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.suite;

import java.util.Locale;
import org.espalier.nn.Network;
import org.espalier.sparse.Keys;
import org.espalier.train.ChosenSamples;
import org.espalier.train.SampleSource;

/** Measures calibration before and after temperature scaling. */
public final class CalibrationSuite {

  private static final int FEWEST_ROWS = 1000;

  private CalibrationSuite() {}

  /**
   * Measures a network. The temperature is fitted to what the run held out, if it did, and else to
   * a tenth of the training rows, at least 1000 of them if there are so many; a key drawn from the
   * seed decides which.
   */
  public static CalibrationResult run(
      Network network, SuiteData data, SuiteSettings settings, SuiteProgress progress) {
    SampleSource rows = data.held().orElseGet(() -> draw(data.train(), settings.seed()));
    String words =
        data.held().isPresent()
            ? "all rows that the run held out of its training file"
            : String.format(
                Locale.ROOT,
                "%,d of %,d training rows, drawn with seed %d; the network was trained on them too",
                rows.size(),
                data.train().size(),
                settings.seed());
    Predictions fitted = Predictions.of(network, rows, "rows to fit", progress);
    TemperatureScaling scaling = TemperatureScaling.fit(fitted);
    double temperature = scaling.temperature();
    Predictions test = Predictions.of(network, data.test(), "test samples", progress);
    return new CalibrationResult(
        test.size(),
        words,
        rows.size(),
        fitted.nll(1),
        fitted.nll(1 / temperature),
        temperature,
        scaling.atLimit(),
        Calibration.of(test, 1),
        Calibration.of(test, temperature));
  }

  private static SampleSource draw(SampleSource train, long seed) {
    int count = Math.max(FEWEST_ROWS, train.size() / 10);
    return ChosenSamples.draw(train, count, Keys.of(seed, SuiteKeys.TEMPERATURE_ROWS));
  }
}
