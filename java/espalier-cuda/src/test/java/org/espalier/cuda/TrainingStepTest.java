/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.espalier.backend.Activation;
import org.espalier.backend.Backend;
import org.espalier.backend.Normalization;
import org.espalier.backend.PendingFloats;
import org.espalier.backend.scalar.ScalarBackend;
import org.espalier.cuda.nativeapi.NativeCounters;
import org.espalier.nn.LayerSpec;
import org.espalier.nn.LayerSpec.Convolution;
import org.espalier.nn.LayerSpec.Norm;
import org.espalier.nn.LayerSpec.Pool;
import org.espalier.nn.Loss;
import org.espalier.nn.Network;
import org.espalier.nn.NetworkBuilder;
import org.espalier.nn.NetworkSpec;
import org.espalier.nn.Pass;
import org.espalier.nn.WeightInit;
import org.espalier.optim.Sgd;
import org.espalier.sparse.Kernel;
import org.espalier.sparse.Keys;
import org.espalier.sparse.ValueRule;
import org.espalier.tensor.Tensor;
import org.espalier.topology.UniformDensity;
import org.espalier.train.BatchLoader;
import org.espalier.train.SampleSource;
import org.espalier.train.TrainingStep;
import org.junit.jupiter.api.Test;

/** Whole steps of a small network, as training asks for them: each outcome after the next step. */
class TrainingStepTest {

  private static final int BATCH = 40;
  private static final int FEATURES = 30;
  private static final int CLASSES = 4;

  /** A network in training, with what it needs. */
  private static final class Run implements AutoCloseable {

    final Backend backend;
    final Network network;
    final TrainingStep step;
    final BatchLoader loader;
    int steps;

    Run(Backend backend) {
      this(
          backend,
          NetworkSpec.inputs(FEATURES)
              .sparseLinear(50)
              .relu()
              .dropout(0.2f)
              .sparseLinear(40)
              .relu()
              .denseLinear(CLASSES));
    }

    Run(Backend backend, NetworkSpec spec) {
      this.backend = backend;
      network =
          new NetworkBuilder(spec, new UniformDensity(0.3), WeightInit.HE, true, 1, BATCH)
              .build(backend);
      step =
          new TrainingStep(
              network, new Loss.SoftmaxCrossEntropy(0), new Sgd(0.9f, true, 1e-4f), 0, BATCH);
      loader = new BatchLoader(network, samples(), BATCH);
    }

    /** Asks for a step; its outcome is read by {@link #loss}. */
    PendingFloats ask() {
      int n = steps++;
      Tensor input = loader.load(n % loader.batches());
      Tensor outcome = step.forward(input, loader.labels(), Pass.training(Keys.of(3, n)));
      PendingFloats losses =
          backend.memory().downloadLater(outcome.buffer(), outcome.offset(), BATCH);
      step.update(0.05 / (1 + n)); // another rate every time
      return losses;
    }

    static double loss(PendingFloats pending) {
      float[] losses = new float[BATCH];
      pending.get(losses, 0);
      double sum = 0;
      for (float loss : losses) {
        sum += loss;
      }
      return sum / BATCH;
    }

    @Override
    public void close() {
      loader.close();
      step.close();
      network.close();
    }
  }

  /** A network of images with everything that their operations are for. */
  private static NetworkSpec images() {
    Norm norm = new Norm(Normalization.USUAL);
    LayerSpec relu = new LayerSpec.Act(Activation.RELU);
    return NetworkSpec.inputs(FEATURES)
        .add(new LayerSpec.Images(1, 6, 5))
        .add(new Convolution(4, Kernel.same(3, 1), true, false))
        .add(norm)
        .add(relu)
        .add(new Pool(Kernel.same(3, 1), true))
        .add(
            new LayerSpec.Residual(
                List.of(
                    new Convolution(6, Kernel.same(3, 2), true, false),
                    norm,
                    relu,
                    new Convolution(6, Kernel.same(3, 1), false, false),
                    norm),
                List.of(new Convolution(6, Kernel.same(1, 2), true, false), norm),
                true))
        .add(new LayerSpec.GlobalPool())
        .add(new LayerSpec.Flatten())
        .denseLinear(CLASSES);
  }

  private static SampleSource samples() {
    ValueRule uniform = new ValueRule(ValueRule.Kind.UNIFORM, 1);
    float[] rows = new float[3 * BATCH * FEATURES];
    int[] labels = new int[3 * BATCH];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = uniform.valueAt(1, i);
      if (i % FEATURES == 0) {
        labels[i / FEATURES] = rows[i] > 0 ? 1 : 3;
      }
    }
    return SampleSource.of(rows, FEATURES, labels, CLASSES);
  }

  @Test
  void aStepThatReadsTheOutcomeOfTheOneBeforeIsOneNativeCall() {
    try (CudaBackend backend = Emulated.open();
        Run run = new Run(backend)) {
      stepsAreOneNativeCallEach(backend, run);
    }
  }

  @Test
  void soIsAStepOfANetworkOfImages() {
    try (CudaBackend backend = Emulated.open();
        Run run = new Run(backend, images())) {
      stepsAreOneNativeCallEach(backend, run);
    }
  }

  private static void stepsAreOneNativeCallEach(CudaBackend backend, Run run) {
    PendingFloats before = run.ask();
    for (int i = 0; i < 4; i++) { // transposed copies and slab indices come into being
      PendingFloats pending = run.ask();
      Run.loss(before);
      before = pending;
    }
    for (int i = 0; i < 10; i++) {
      long calls = backend.nativeCalls();
      PendingFloats pending = run.ask();
      Run.loss(before);
      before = pending;
      assertEquals(1, backend.nativeCalls() - calls, "step " + i);
    }
    Run.loss(before);
  }

  @Test
  void identicalStepsAreRecordedOnceForEachStagingSlotAndThenReplayed() {
    try (CudaBackend backend = Emulated.open();
        Run run = new Run(backend)) {
      stepsAreReplayed(backend, run);
    }
  }

  @Test
  void soAreThoseOfANetworkOfImages() {
    try (CudaBackend backend = Emulated.open();
        Run run = new Run(backend, images())) {
      stepsAreReplayed(backend, run);
    }
  }

  private static void stepsAreReplayed(CudaBackend backend, Run run) {
    for (int i = 0; i < 8; i++) {
      Run.loss(run.ask());
    }
    NativeCounters warm = backend.counters();
    for (int i = 0; i < 10; i++) {
      Run.loss(run.ask());
    }
    NativeCounters after = backend.counters();
    assertTrue(warm.graphsRecorded() > 0, warm.toString());
    assertEquals(warm.graphsRecorded(), after.graphsRecorded());
    assertEquals(
        after.submissions() - warm.submissions(), after.graphLaunches() - warm.graphLaunches());
    assertEquals(10, after.submissions() - warm.submissions());
  }

  @Test
  void lossesFollowThoseOfTheOracle() {
    try (Backend emulated = Emulated.open();
        Backend oracle = new ScalarBackend();
        Run run = new Run(emulated);
        Run reference = new Run(oracle)) {
      for (int i = 0; i < 50; i++) {
        double expected = Run.loss(reference.ask());
        assertEquals(expected, Run.loss(run.ask()), 1e-3, "step " + i);
      }
    }
  }

  @Test
  void lossesOfANetworkOfImagesFollowThoseOfTheOracle() {
    try (Backend emulated = Emulated.open();
        Backend oracle = new ScalarBackend();
        Run run = new Run(emulated, images());
        Run reference = new Run(oracle, images())) {
      for (int i = 0; i < 10; i++) {
        double expected = Run.loss(reference.ask());
        assertEquals(expected, Run.loss(run.ask()), 2e-3, "step " + i);
      }
    }
  }

  @Test
  void checkingEveryCommandChangesNothingButTheCalls() {
    try (CudaBackend checked = Emulated.open(new CudaSettings(0, true, 0, Optional.empty()));
        Backend plain = Emulated.open();
        Run run = new Run(checked);
        Run reference = new Run(plain)) {
      for (int i = 0; i < 3; i++) {
        assertEquals(Run.loss(reference.ask()), Run.loss(run.ask()));
      }
      assertEquals(0, checked.counters().graphsRecorded());
    }
  }

  @Test
  void aLossThatIsNotFiniteLeavesTheParametersAlone() {
    try (CudaBackend backend = Emulated.open();
        Run run = new Run(backend)) {
      Run.loss(run.ask());
      var values = run.network.parameters().get(0).values();
      int count = (int) run.network.parameters().get(0).size();
      float[] good = backend.memory().floats(values, count);
      float[] bad = good.clone();
      bad[0] = Float.NaN;
      backend.memory().upload(bad, 0, values, 0, count);
      assertTrue(Double.isNaN(Run.loss(run.ask())));
      float[] after = backend.memory().floats(values, count);
      for (int i = 1; i < count; i++) {
        assertEquals(good[i], after[i]);
      }
    }
  }
}
