/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.Stream;
import org.espalier.backend.Activation;
import org.espalier.backend.Memory;
import org.espalier.backend.scalar.ScalarBackend;
import org.espalier.nn.GradientSink;
import org.espalier.nn.Loss;
import org.espalier.nn.Network;
import org.espalier.nn.NetworkBuilder;
import org.espalier.nn.NetworkSpec;
import org.espalier.nn.Pass;
import org.espalier.nn.WeightInit;
import org.espalier.optim.LearningRate;
import org.espalier.optim.Sgd;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.ElementType;
import org.espalier.tensor.Tensor;
import org.espalier.topology.UniformDensity;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The last layer may need its outputs for its gradient, so the loss must not overwrite them. */
class OutputActivationTest {

  private static final int SAMPLES = 40;

  private final ScalarBackend backend = new ScalarBackend();

  static Stream<Activation> activations() {
    return Stream.of(
        Activation.SIGMOID,
        Activation.TANH,
        Activation.RELU,
        Activation.leakyRelu(0.1f),
        Activation.leakyRelu(-0.5f));
  }

  private Network network(Activation last) {
    NetworkSpec spec = NetworkSpec.inputs(Runs.FEATURES).denseLinear(3).activation(last);
    return new NetworkBuilder(spec, new UniformDensity(1), WeightInit.HE, true, 1, SAMPLES)
        .build(backend);
  }

  private List<float[]> gradients(Network network) {
    return network.parameters().stream()
        .map(p -> backend.memory().floats(p.gradient(), (int) p.size()))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("activations")
  void trainingComputesTheGradientOfTheLoss(Activation last) {
    SampleSource samples = Runs.clouds(SAMPLES, 1);
    Loss loss = new Loss.MeanSquaredError();
    TrainingPlan oneStep =
        new TrainingPlan(
            1,
            SAMPLES,
            1,
            loss,
            new Sgd(0, false, 0),
            new LearningRate.Constant(0),
            Double.MAX_VALUE, // never clips, but leaves the gradients in their buffers
            null,
            1);
    try (Network trained = network(last);
        Network reference = network(last)) {
      new Trainer(trained, oneStep, new Recorder()).fit(samples, samples);
      backward(reference, samples, loss);
      for (int p = 0; p < 2; p++) {
        assertArrayEquals(gradients(reference).get(p), gradients(trained).get(p), 1e-6f);
      }
    }
    assertEquals(0, backend.memory().liveBuffers());
  }

  /** One backward pass whose gradient has a buffer of its own. */
  private void backward(Network network, SampleSource samples, Loss loss) {
    Memory memory = backend.memory();
    try (BatchLoader loader = new BatchLoader(network, samples, SAMPLES);
        DeviceBuffer outcomes = memory.allocate(ElementType.FLOAT32, 2 * SAMPLES);
        DeviceBuffer gradient = memory.allocate(ElementType.FLOAT32, 3 * SAMPLES)) {
      Tensor outputs = network.forward(loader.load(0), Pass.training(0));
      Tensor outcome = new Tensor(outcomes, 0, 2, SAMPLES, SAMPLES);
      Tensor dOutputs = new Tensor(gradient, 0, 3, SAMPLES, SAMPLES);
      loss.apply(backend.losses(), outputs, loader.labels(), 1f / SAMPLES, dOutputs, outcome);
      network.backward(dOutputs, false, GradientSink.keep(backend));
    }
  }
}
