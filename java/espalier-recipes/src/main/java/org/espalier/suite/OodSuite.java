/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.suite;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.espalier.nn.Network;
import org.espalier.sparse.Keys;
import org.espalier.train.ChosenSamples;
import org.espalier.train.SampleSource;

/**
 * Measures how well samples from elsewhere are told from test samples, by the largest softmax
 * probability (Hendrycks and Gimpel, ICLR 2017) and by energy (Liu, Wang, Owens and Li, NeurIPS
 * 2020).
 */
public final class OodSuite {

  /** The name of test samples with Gaussian noise, in place of a second set. */
  public static final String NOISE = "noise";

  private OodSuite() {}

  /**
   * Measures a network against every other set, with as many samples on either side.
   *
   * @param others sets by name, under the normalisation of the run
   * @param noise whether noisy test samples are another set
   */
  public static OodResult run(
      Network network,
      SuiteData data,
      Map<String, SampleSource> others,
      boolean noise,
      SuiteSettings settings,
      SuiteProgress progress) {
    Map<String, SampleSource> all = new LinkedHashMap<>(others);
    if (noise) {
      ValueRange range = ValueRange.of(data.train(), data.image());
      String name = "Gaussian noise %s".formatted(settings.noiseDeviation());
      all.put(name, NoisySamples.of(data.test(), range, settings));
    }
    List<OodSet> sets = new ArrayList<>();
    all.forEach((name, other) -> sets.add(one(network, data, name, other, settings, progress)));
    return new OodResult(sets);
  }

  private static OodSet one(
      Network network,
      SuiteData data,
      String name,
      SampleSource other,
      SuiteSettings settings,
      SuiteProgress progress) {
    int count = Math.min(settings.samples(), Math.min(data.test().size(), other.size()));
    SampleSource test =
        ChosenSamples.draw(data.test(), count, Keys.of(settings.seed(), SuiteKeys.TEST_ROWS));
    SampleSource elsewhere =
        ChosenSamples.draw(other, count, Keys.of(settings.seed(), SuiteKeys.OTHER_ROWS));
    Predictions in = Predictions.of(network, test, "test samples", progress);
    Predictions out = Predictions.of(network, elsewhere, name, progress);
    double[] confidence = maxSoftmax(in);
    double[] confidenceOut = maxSoftmax(out);
    return new OodSet(
        name,
        count,
        Arrays.stream(confidence).average().orElseThrow(),
        Arrays.stream(confidenceOut).average().orElseThrow(),
        Detection.of(confidence, confidenceOut),
        Detection.of(negativeEnergy(in), negativeEnergy(out)));
  }

  private static double[] maxSoftmax(Predictions predictions) {
    double[] scores = new double[predictions.size()];
    double[] probability = new double[predictions.classes()];
    for (int i = 0; i < scores.length; i++) {
      predictions.probabilities(i, 1, probability);
      scores[i] = probability[predictions.predicted(i)];
    }
    return scores;
  }

  private static double[] negativeEnergy(Predictions predictions) {
    double[] scores = new double[predictions.size()];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = predictions.logSumExp(i, 1);
    }
    return scores;
  }
}
