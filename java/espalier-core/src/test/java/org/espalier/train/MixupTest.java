/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.espalier.backend.Backend;
import org.espalier.backend.Backends;
import org.espalier.backend.scalar.ScalarBackend;
import org.espalier.nn.Loss;
import org.espalier.nn.Network;
import org.espalier.nn.NetworkBuilder;
import org.espalier.nn.NetworkSpec;
import org.espalier.nn.Parameter;
import org.espalier.nn.Pass;
import org.espalier.nn.WeightInit;
import org.espalier.optim.Sgd;
import org.espalier.sparse.Keys;
import org.espalier.tensor.Tensor;
import org.espalier.topology.UniformDensity;
import org.espalier.topology.UpdateSchedule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MixupTest {

  private static final SampleSource TRAIN = Runs.clouds(100, 1);
  private static final SampleSource TEST = Runs.clouds(60, 2);

  @ParameterizedTest
  @ValueSource(doubles = {0.05, 0.2, 0.5, 1, 4})
  void sharesAreOfTheBetaDistribution(double alpha) {
    int n = 40000;
    double[] shares = new double[n];
    for (int i = 0; i < n; i++) {
      shares[i] = Mixup.beta(alpha, i);
      assertTrue(shares[i] >= 0 && shares[i] <= 1, "share " + shares[i]);
    }
    double variance = 1 / (4 * (2 * alpha + 1));
    assertEquals(0.5, Arrays.stream(shares).average().orElseThrow(), 0.01);
    assertEquals(
        variance,
        Arrays.stream(shares).map(s -> (s - 0.5) * (s - 0.5)).average().orElseThrow(),
        0.02 * variance);
    // fourth moment: 3 / (16 (2a + 1) (2a + 3))
    assertEquals(
        3 / (16 * (2 * alpha + 1) * (2 * alpha + 3)),
        Arrays.stream(shares).map(s -> Math.pow(s - 0.5, 4)).average().orElseThrow(),
        0.03 * variance * variance + 1e-4);
    if (alpha == 1) {
      Arrays.sort(shares);
      for (int i = 0; i < n; i++) {
        assertEquals((i + 0.5) / n, shares[i], 0.01, "uniform");
      }
    }
  }

  @Test
  void partnersAreAPermutation() {
    for (int count : new int[] {1, 2, 16}) {
      int[] partners = Mixup.draw(0.2, count, 5).partners();
      assertArrayEquals(
          IntStream.range(0, count).toArray(), Arrays.stream(partners).sorted().toArray());
    }
  }

  private static Network linear(Backend backend) {
    NetworkSpec spec = NetworkSpec.inputs(Runs.FEATURES).sparseLinear(9).relu().denseLinear(3);
    return new NetworkBuilder(spec, new UniformDensity(0.5), WeightInit.HE, true, 7, 16)
        .build(backend);
  }

  /** Outcome and gradients of a step; the largest norm only keeps gradients in their buffers. */
  private static float[] step(Backend backend, SampleSource source, double alpha, Loss loss) {
    try (Network network = linear(backend);
        BatchLoader loader = new BatchLoader(network, source, 16);
        TrainingStep step =
            new TrainingStep(network, loss, new Sgd(0, false, 0), Double.MAX_VALUE, 16)) {
      loader.shuffle(1, 1);
      loader.mix(alpha);
      Tensor input = loader.load(0);
      Tensor outcome = step.forward(input, loader.targets(), Pass.training(1), 16);
      float[] numbers = new float[2 * 16];
      for (int row = 0; row < 2; row++) {
        backend
            .memory()
            .download(outcome.buffer(), (long) row * outcome.stride(), numbers, row * 16, 16);
      }
      step.update(0);
      for (Parameter parameter : network.parameters()) {
        int at = numbers.length;
        int size = (int) parameter.size();
        numbers = Arrays.copyOf(numbers, at + size);
        System.arraycopy(backend.memory().floats(parameter.gradient(), size), 0, numbers, at, size);
      }
      return numbers;
    }
  }

  /** The batch that the loader makes, mixed by hand, with its own or its partners' labels. */
  private static SampleSource mixed(SampleSource source, Mixup mixup, int[] order, boolean own) {
    float[] rows = new float[16 * Runs.FEATURES];
    int[] labels = new int[16];
    for (int i = 0; i < 16; i++) {
      float[] row = new float[Runs.FEATURES];
      float[] partner = new float[Runs.FEATURES];
      int other = order[mixup.partners()[i]];
      source.read(order[i], 0, Runs.FEATURES, row, 0);
      source.read(other, 0, Runs.FEATURES, partner, 0);
      for (int f = 0; f < Runs.FEATURES; f++) {
        // where the order of the epoch finds it again
        rows[order[i] * Runs.FEATURES + f] =
            mixup.share() * row[f] + (1 - mixup.share()) * partner[f];
      }
      labels[order[i]] = source.label(own ? order[i] : other);
    }
    return SampleSource.of(rows, Runs.FEATURES, labels, Runs.CLASSES);
  }

  @Test
  void lossAndGradientAreTheWeightedMeanOfThoseForBothLabels() {
    SampleSource source = Runs.clouds(16, 1);
    int[] order = new int[16];
    try (Backend scalar = new ScalarBackend();
        Network network = linear(scalar);
        BatchLoader loader = new BatchLoader(network, source, 16)) {
      loader.shuffle(1, 1);
      loader.load(0);
      float[] first = scalar.memory().floats(network.input(16).buffer(), 16);
      for (int i = 0; i < 16; i++) {
        float[] row = new float[1];
        for (int sample = 0; sample < 16; sample++) {
          source.read(sample, 0, 1, row, 0);
          order[i] = row[0] == first[i] ? sample : order[i];
        }
      }
    }
    long key = Keys.of(Keys.of(1, 1), 16, 0);
    Mixup mixup = Mixup.draw(0.8, 16, key);
    for (String name : List.of("cpu-scalar", "cpu-portable")) {
      for (Loss loss : List.of(new Loss.SoftmaxCrossEntropy(0.1f), new Loss.MeanSquaredError())) {
        try (Backend backend = Backends.open(name, 2)) {
          float[] own = step(backend, mixed(source, mixup, order, true), 0, loss);
          float[] other = step(backend, mixed(source, mixup, order, false), 0, loss);
          float[] actual = step(backend, source, 0.8, loss);
          float share = mixup.share();
          for (int i = 0; i < actual.length; i++) {
            assertEquals(share * own[i] + (1 - share) * other[i], actual[i], 1e-5f, "at " + i);
          }
          assertEquals(0, backend.memory().liveBuffers());
        }
      }
    }
  }

  private static TrainingPlan plan(double alpha) {
    return Runs.plan(2, UpdateSchedule.everyEpoch())
        .withRefinements(Refinements.NONE.withMixup(alpha).withAccumulate(2));
  }

  private static Runs.Bits train(
      Backend backend, TrainingPlan plan, State from, Recorder recorder) {
    try (Network network = Runs.network(backend, 16)) {
      Trainer trainer = new Trainer(network, plan, recorder);
      if (from != null) {
        trainer.resume(from);
      }
      trainer.fit(TRAIN, TEST);
      return Runs.bits(network);
    }
  }

  @Test
  void theHeavierLabelCountsAndRunsAreResumable() {
    try (Backend backend = new ScalarBackend()) {
      Recorder recorder = new Recorder();
      Runs.Bits bits = train(backend, plan(0.2), null, recorder);
      assertNotEquals(bits, train(backend, plan(0), null, new Recorder()));
      assertNotEquals(bits, train(backend, plan(0.3), null, new Recorder()));
      State first = recorder.checkpoints.get(0).state();
      assertEquals(bits, train(backend, plan(0.2), first, new Recorder()));
      double correct = first.number("epoch.correct");
      assertTrue(correct > 34 && correct < 100, correct + " of 100");
      assertEquals(0, backend.memory().liveBuffers());
    }
  }

  @Test
  void threadsDoNotChangeABit() {
    try (Backend one = Backends.open("cpu-portable", 1);
        Backend many = Backends.open("cpu-portable", 4)) {
      assertEquals(
          train(one, plan(0.4), null, new Recorder()),
          train(many, plan(0.4), null, new Recorder()));
    }
  }

  @Test
  void alphasThatAreNoneAreRefused() {
    for (double alpha : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThrows(IllegalArgumentException.class, () -> Refinements.NONE.withMixup(alpha));
    }
  }
}
