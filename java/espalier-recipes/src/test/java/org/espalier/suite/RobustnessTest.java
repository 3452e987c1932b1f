/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.suite;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.espalier.backend.Backend;
import org.espalier.backend.Backends;
import org.espalier.nn.Loss;
import org.espalier.nn.Network;
import org.espalier.nn.NetworkBuilder;
import org.espalier.nn.NetworkSpec;
import org.espalier.nn.WeightInit;
import org.espalier.sparse.Keys;
import org.espalier.topology.UniformDensity;
import org.espalier.train.FeatureScaling;
import org.espalier.train.SampleSource;
import org.espalier.train.Trainer;
import org.espalier.train.TrainingListener;
import org.espalier.train.TrainingPlan;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RobustnessTest {

  private static final int FEATURES = 30;
  private static final int CLASSES = 3;
  private static final SuiteProgress QUIET = (stage, done, total) -> {};
  private static final Loss LOSS = new Loss.SoftmaxCrossEntropy(0);

  private final Backend backend = Backends.open("cpu-portable", 2);

  @AfterEach
  void nothingIsLeft() {
    assertEquals(0, backend.memory().liveBuffers());
    backend.close();
  }

  /** Pixels from 0 to 255 whose brightness in one third tells the class; scaled unevenly. */
  private record Pixels(int size, long seed) implements SampleSource {

    @Override
    public int features() {
      return FEATURES;
    }

    @Override
    public int classes() {
      return CLASSES;
    }

    @Override
    public int label(int sample) {
      return sample % CLASSES;
    }

    @Override
    public void read(int sample, int firstFeature, int endFeature, float[] target, int at) {
      for (int f = firstFeature; f < endFeature; f++) {
        long noise = Keys.of(seed, sample, f) >>> 57; // 0 to 127
        target[at + f - firstFeature] = noise + (f * CLASSES / FEATURES == label(sample) ? 128 : 0);
      }
    }

    @Override
    public Optional<FeatureScaling> scaling() {
      float[] scale = new float[FEATURES];
      float[] shift = new float[FEATURES];
      for (int f = 0; f < FEATURES; f++) {
        // features that were turned round show that the chain rule is kept
        scale[f] = (f % 2 == 0 ? 1 : -1) * (1 + f % 5) / 300f;
        shift[f] = f % 2 == 0 ? -0.3f : 0.4f;
      }
      return Optional.of(new FeatureScaling(scale, shift));
    }
  }

  private static NetworkSpec sparseFirst() {
    return NetworkSpec.inputs(FEATURES).sparseLinear(24).srelu().dropout(0.3f).denseLinear(CLASSES);
  }

  private static NetworkSpec denseFirst() {
    return NetworkSpec.inputs(FEATURES).denseLinear(20).relu().dropout(0.3f).sparseLinear(CLASSES);
  }

  private Network network(NetworkSpec spec, int epochs) {
    return network(backend, spec, epochs);
  }

  private static Network network(Backend backend, NetworkSpec spec, int epochs) {
    Network network =
        new NetworkBuilder(spec, new UniformDensity(0.5), WeightInit.HE, true, 5, 20)
            .build(backend);
    if (epochs > 0) {
      new Trainer(
              network, TrainingPlan.set(epochs, 0.05).withBatchSize(20), new TrainingListener() {})
          .fit(new Pixels(200, 1), new Pixels(50, 2));
    }
    return network;
  }

  @Test
  void gradientsOfFeaturesBeforeNormalisationAreTheSlopes() {
    for (NetworkSpec spec : List.of(sparseFirst(), denseFirst())) {
      try (Network network = network(spec, 1);
          InputGradients model =
              new InputGradients(network, LOSS, new Pixels(1, 3).scaling().orElseThrow(), 4)) {
        int n = 3;
        int[] labels = {0, 1, 2};
        float[] rows = rows(n);
        float[] gradient = new float[rows.length];
        float[] outcome = new float[2 * n];
        model.compute(rows, labels, n, gradient, outcome);
        int kinks = 0;
        for (int i = 0; i < rows.length; i++) {
          double above = moved(model, rows, labels, i, 2);
          double below = moved(model, rows, labels, i, -2);
          double numeric = (above - below) / 4;
          double bend = above + below - 2 * outcome[i / FEATURES];
          if (Math.abs(bend) > 0.05 * Math.abs(above - below)) {
            kinks++;
          } else {
            assertEquals(numeric, gradient[i], 0.02 * Math.abs(numeric) + 2e-6);
          }
        }
        assertTrue(kinks < rows.length / 2, kinks + " of " + rows.length);
      }
    }
  }

  private static double moved(InputGradients model, float[] rows, int[] labels, int i, float by) {
    float[] changed = rows.clone();
    changed[i] += by;
    float[] outcome = new float[2 * labels.length];
    model.compute(changed, labels, labels.length, null, outcome);
    return outcome[i / FEATURES];
  }

  private static float[] rows(int n) {
    float[] rows = new float[n * FEATURES];
    for (int p = 0; p < n; p++) {
      new Pixels(n, 3).read(p, 0, FEATURES, rows, p * FEATURES);
    }
    return rows;
  }

  @Test
  void attacksStayInTheBallAndInTheRangeAndRaiseTheLoss() {
    SampleSource train = new Pixels(200, 1);
    ValueRange range = ValueRange.of(train, true);
    assertEquals(0, range.clip(-1e9, 3, 100));
    assertEquals(255, range.clip(1e9, 3, 100));
    SuiteSettings settings = settings(10, true);
    int n = 20;
    float[] clean = rows(n);
    int[] labels = new int[n];
    for (int p = 0; p < n; p++) {
      labels[p] = p % CLASSES;
    }
    try (Network network = network(sparseFirst(), 3);
        InputGradients model =
            new InputGradients(network, LOSS, train.scaling().orElseThrow(), n)) {
      double before = loss(model, clean, labels);
      double fgsmLoss = 0;
      double pgdLoss = 0;
      for (double eps : new double[] {0.001, 0.01, 0.05, 0.5}) {
        float[] fgsm = Attack.fgsm(eps).apply(clean, labels, n, 0, range, model);
        float[] pgd = Attack.pgd(eps, settings).apply(clean, labels, n, 0, range, model);
        assertInside(clean, fgsm, eps);
        assertInside(clean, pgd, eps);
        assertTrue(loss(model, fgsm, labels) > before, "FGSM at " + eps);
        fgsmLoss += loss(model, fgsm, labels);
        pgdLoss += loss(model, pgd, labels);
      }
      assertTrue(pgdLoss >= fgsmLoss, pgdLoss + " is less than " + fgsmLoss);
    }
  }

  private static double loss(InputGradients model, float[] rows, int[] labels) {
    float[] outcome = new float[2 * labels.length];
    model.compute(rows, labels, labels.length, null, outcome);
    double sum = 0;
    for (int i = 0; i < labels.length; i++) {
      sum += outcome[i];
    }
    return sum;
  }

  private static void assertInside(float[] clean, float[] moved, double eps) {
    for (int i = 0; i < clean.length; i++) {
      assertTrue(moved[i] >= 0 && moved[i] <= 255, "value " + moved[i]);
      assertTrue(Math.abs((double) moved[i] - clean[i]) <= eps * 255 + 1e-5, "moved too far");
    }
  }

  @Test
  void oneStepFromTheSampleIsFgsm() {
    SampleSource train = new Pixels(200, 1);
    ValueRange range = ValueRange.of(train, true);
    float[] clean = rows(3);
    int[] labels = {0, 1, 2};
    SuiteSettings one =
        new SuiteSettings(1, 10, 0.1, List.of(0.03), 1, OptionalDouble.of(0.03), false);
    try (Network network = network(denseFirst(), 1);
        InputGradients model =
            new InputGradients(network, LOSS, train.scaling().orElseThrow(), 3)) {
      assertArrayEquals(
          Attack.fgsm(0.03).apply(clean, labels, 3, 0, range, model),
          Attack.pgd(0.03, one).apply(clean, labels, 3, 0, range, model));
    }
  }

  private static SuiteSettings settings(int steps, boolean randomStart) {
    return new SuiteSettings(
        1, 1000, 0.1, List.of(0.02, 0.1), steps, OptionalDouble.empty(), randomStart);
  }

  @Test
  void theSuiteMeasuresCleanSamplesFirstAndThreadsDoNotMatter() {
    SampleSource train = new Pixels(200, 1);
    SuiteData data = new SuiteData(train, Optional.empty(), new Pixels(47, 2), true);
    try (Network network = network(sparseFirst(), 3);
        Backend other = Backends.open("cpu-portable", 1);
        Network again = network(other, sparseFirst(), 3)) {
      SuiteSettings settings = settings(5, true);
      RobustnessResult found = RobustnessSuite.run(network, LOSS, data, settings, QUIET);
      assertEquals(47, found.samples());
      assertEquals("clean", found.clean().attack());
      assertTrue(found.clean().accuracy() > 0.9, "" + found.clean().accuracy());
      assertEquals(List.of(0.02, 0.1), found.of("pgd").stream().map(AttackPoint::eps).toList());
      assertEquals(0.005, found.of("pgd").get(0).step());
      assertTrue(found.of("fgsm").get(1).loss() > found.clean().loss());
      assertTrue(found.gradientNorm() > 0);
      assertEquals(found, RobustnessSuite.run(again, LOSS, data, settings, QUIET));
    }
  }

  @Test
  void featuresThatAreNoPixelsHaveARangeEach() {
    float[] rows = {0, -5, 7, 10, 5, 7};
    SampleSource source = SampleSource.of(rows, 3, new int[] {0, 1}, 2);
    ValueRange own = ValueRange.of(source, false);
    assertEquals(10, own.width(0));
    assertEquals(10, own.width(1));
    assertEquals(0, own.width(2));
    assertEquals(-7, own.clip(-8, 1, -7)); // a test value beyond training's is left where it is
    ValueRange shared = ValueRange.of(source, true);
    assertEquals(-5, shared.clip(-1e9, 0, 0));
    assertEquals(10, shared.clip(1e9, 2, 7));
    SampleSource unit = SampleSource.of(new float[] {0, 0.5f}, 1, new int[] {0, 1}, 2);
    assertEquals(1, ValueRange.of(unit, true).clip(1e9, 0, 0));
  }

  @Test
  void theGradientNormIsThatOfTheConnections() {
    SampleSource batch = new Pixels(20, 4);
    try (Network network = network(sparseFirst(), 1)) {
      double norm = GradientNorm.of(network, LOSS, batch);
      double squares = 0;
      for (var parameter : network.parameters()) {
        if (parameter.name().endsWith(".weight")) {
          int size = Math.toIntExact(parameter.size());
          for (float value : backend.memory().floats(parameter.gradient(), size)) {
            squares += (double) value * value;
          }
        }
      }
      assertEquals(Math.sqrt(squares), norm, 1e-9 * norm);
    }
  }

  @Test
  void noiseIsKeyedClippedAndOfTheAskedDeviation() {
    SampleSource clean = new Pixels(300, 6);
    ValueRange range = ValueRange.of(clean, true);
    SampleSource noisy = NoisySamples.of(clean, range, settings(1, true));
    float[] before = new float[FEATURES];
    float[] after = new float[FEATURES];
    float[] part = new float[5];
    double squares = 0;
    int inner = 0;
    for (int i = 0; i < clean.size(); i++) {
      clean.read(i, 0, FEATURES, before, 0);
      noisy.read(i, 0, FEATURES, after, 0);
      noisy.read(i, 7, 12, part, 0);
      for (int f = 0; f < FEATURES; f++) {
        assertTrue(after[f] >= 0 && after[f] <= 255);
        assertTrue(f < 7 || f >= 12 || part[f - 7] == after[f]);
        if (before[f] > 120 && before[f] < 135) { // five deviations from either end
          squares += (after[f] - before[f]) * (after[f] - before[f]);
          inner++;
        }
      }
    }
    assertEquals(25.5, Math.sqrt(squares / inner), 2);
  }
}
