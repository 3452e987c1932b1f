/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.suite;

import java.util.ArrayList;
import java.util.List;
import org.espalier.nn.Loss;
import org.espalier.nn.Network;
import org.espalier.sparse.Keys;
import org.espalier.train.ChosenSamples;
import org.espalier.train.FeatureScaling;
import org.espalier.train.SampleSource;

/** Measures a network, which was trained on clean samples, under attack. */
public final class RobustnessSuite {

  private final Network network;
  private final Loss loss;
  private final SampleSource samples;
  private final ValueRange range;
  private final SuiteProgress progress;

  private RobustnessSuite(
      Network network, Loss loss, SampleSource samples, ValueRange range, SuiteProgress progress) {
    this.network = network;
    this.loss = loss;
    this.samples = samples;
    this.range = range;
    this.progress = progress;
  }

  /**
   * Measures accuracy and loss of test samples, clean and attacked with every eps.
   *
   * @param loss what attacks raise
   */
  public static RobustnessResult run(
      Network network, Loss loss, SuiteData data, SuiteSettings settings, SuiteProgress progress) {
    ValueRange range = ValueRange.of(data.train(), data.image());
    long key = Keys.of(settings.seed(), SuiteKeys.TEST_ROWS);
    SampleSource chosen = ChosenSamples.draw(data.test(), settings.samples(), key);
    RobustnessSuite suite = new RobustnessSuite(network, loss, chosen, range, progress);
    List<AttackPoint> points = new ArrayList<>(List.of(suite.measure("clean", null)));
    for (double eps : settings.eps()) {
      points.add(suite.measure("fgsm", Attack.fgsm(eps)));
      points.add(suite.measure("pgd", Attack.pgd(eps, settings)));
    }
    long gradientKey = Keys.of(settings.seed(), SuiteKeys.GRADIENT_ROWS);
    SampleSource batch = ChosenSamples.draw(data.train(), network.maxPositions(), gradientKey);
    return new RobustnessResult(
        chosen.size(),
        range.unit(),
        data.image(),
        settings.pgdSteps(),
        settings.randomStart(),
        points,
        GradientNorm.of(network, loss, batch),
        batch.size());
  }

  private AttackPoint measure(String name, Attack attack) {
    int batch = Math.min(network.maxPositions(), samples.size());
    int features = samples.features();
    FeatureScaling scaling =
        samples.scaling().orElseGet(() -> FeatureScaling.identity(samples.features()));
    double losses = 0;
    long hits = 0;
    try (InputGradients model = new InputGradients(network, loss, scaling, batch)) {
      for (int first = 0; first < samples.size(); first += batch) {
        int n = Math.min(batch, samples.size() - first);
        float[] rows = new float[n * features];
        int[] labels = new int[n];
        for (int p = 0; p < n; p++) {
          samples.read(first + p, 0, features, rows, p * features);
          labels[p] = samples.label(first + p);
        }
        if (attack != null) {
          rows = attack.apply(rows, labels, n, first, range, model);
        }
        float[] outcome = new float[2 * n];
        model.compute(rows, labels, n, null, outcome);
        for (int p = 0; p < n; p++) {
          losses += outcome[p];
          hits += outcome[n + p] > 0 ? 1 : 0;
        }
        String stage = attack == null ? name : "%s, eps %.4f".formatted(name, attack.eps());
        progress.update(stage, (long) first + n, samples.size());
      }
    }
    double n = samples.size();
    return attack == null
        ? new AttackPoint(name, 0, 0, hits / n, losses / n)
        : new AttackPoint(name, attack.eps(), attack.step(), hits / n, losses / n);
  }
}
