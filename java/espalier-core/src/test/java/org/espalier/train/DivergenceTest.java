/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.espalier.backend.scalar.ScalarBackend;
import org.espalier.nn.Loss;
import org.espalier.nn.Network;
import org.espalier.nn.NetworkBuilder;
import org.espalier.nn.NetworkSpec;
import org.espalier.nn.Parameter;
import org.espalier.nn.WeightInit;
import org.espalier.optim.LearningRate;
import org.espalier.optim.Sgd;
import org.espalier.topology.UniformDensity;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A run whose numbers explode stops, says where, and leaves no checkpoint made of them. */
class DivergenceTest {

  private static final SampleSource SAMPLES = Runs.clouds(100, 1);

  private final ScalarBackend backend = new ScalarBackend();

  @AfterEach
  void nothingIsLeft() {
    assertEquals(0, backend.memory().liveBuffers());
  }

  private Network network() {
    NetworkSpec spec = NetworkSpec.inputs(Runs.FEATURES).sparseLinear(8).srelu().denseLinear(3);
    return new NetworkBuilder(spec, new UniformDensity(0.5), WeightInit.HE, true, 1, 100)
        .build(backend);
  }

  private static TrainingPlan plan(int batch, double rate) {
    return new TrainingPlan(
        5,
        batch,
        1,
        new Loss.SoftmaxCrossEntropy(0),
        new Sgd(0, false, 0),
        new LearningRate.Constant(rate),
        0,
        null,
        1);
  }

  private void poison(Network network, int parameter, float value) {
    Parameter p = network.parameters().get(parameter);
    backend.memory().upload(new float[] {value}, 0, p.values(), 0, 1);
  }

  @Test
  void messageNamesEpochStepAndParameter() {
    try (Network network = network()) {
      Recorder recorder =
          new Recorder(
              self -> {
                if (self.losses.size() == 9) {
                  poison(network, 3, Float.NaN);
                }
              });
      Trainer trainer = new Trainer(network, plan(16, 0.01), recorder);
      DivergenceException thrown =
          assertThrows(DivergenceException.class, () -> trainer.fit(SAMPLES, SAMPLES));
      assertEquals("linear2.weight", network.parameters().get(3).name());
      assertTrue(thrown.getMessage().contains("NaN in epoch 2, step 10 "), thrown.getMessage());
      assertTrue(thrown.getMessage().contains("'linear2.weight'"), thrown.getMessage());
      assertEquals(1, recorder.checkpoints.size());
    }
  }

  @Test
  void outputsMayOverflowBeforeAnyWeightDoes() {
    try (Network network = network()) {
      Parameter weight = network.parameters().get(3);
      backend.memory().fill(weight.values(), 0, weight.size(), 3e38f);
      Trainer trainer = new Trainer(network, plan(16, 0.01), new Recorder());
      DivergenceException thrown =
          assertThrows(DivergenceException.class, () -> trainer.fit(SAMPLES, SAMPLES));
      assertTrue(thrown.getMessage().contains("epoch 1, step 1 "), thrown.getMessage());
      assertTrue(
          thrown.getMessage().contains("outputs of 'linear2' overflow"), thrown.getMessage());
    }
  }

  @Test
  void explosionInTheLastStepOfAnEpochIsNotWrittenToACheckpoint() {
    // one batch an epoch: the loss before the step is fine, the weights after it are not
    Recorder recorder = new Recorder();
    try (Network network = network()) {
      Trainer trainer = new Trainer(network, plan(100, 1e300), recorder);
      DivergenceException thrown =
          assertThrows(DivergenceException.class, () -> trainer.fit(SAMPLES, SAMPLES));
      assertTrue(thrown.getMessage().contains("epoch 1, step 1"), thrown.getMessage());
      assertTrue(thrown.getMessage().contains("'linear1.weight'"), thrown.getMessage());
    }
    assertEquals(0, recorder.checkpoints.size());
    assertEquals(0, recorder.reports.size());
  }
}
