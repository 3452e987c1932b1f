/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.espalier.backend.Activation;
import org.espalier.backend.scalar.ScalarBackend;
import org.espalier.nn.GradientCheck.Result;
import org.espalier.nn.GradientCheck.Tolerance;
import org.espalier.sparse.SparseWeights;
import org.espalier.tensor.Tensor;
import org.espalier.topology.PruneAndGrow;
import org.espalier.topology.TopologyMemory;
import org.espalier.topology.TopologyUpdate;
import org.espalier.topology.UniformDensity;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Gradients of whole networks as the builder makes them, through the loss. */
class NetworkGradientTest {

  private static final int[] LABELS = {0, 3, 1, 2, 0, 1};

  private final ScalarBackend backend = new ScalarBackend();

  @AfterEach
  void nothingIsLeft() {
    assertEquals(0, backend.memory().liveBuffers());
  }

  private Network build(NetworkSpec spec) {
    return new NetworkBuilder(spec, new UniformDensity(0.5), WeightInit.HE, true, 5, 9)
        .build(backend);
  }

  private Result check(Network network, Loss loss, Pass pass) {
    float[] samples = Objectives.random(network.inputs() * LABELS.length, 3);
    GradientCheck.Objective objective = Objectives.loss(backend, loss, LABELS);
    return new GradientCheck(network, pass, objective, samples, LABELS.length, Tolerance.FLOAT32)
        .run();
  }

  private void assertSound(NetworkSpec spec, Loss loss) {
    try (Network network = build(spec)) {
      Result result = check(network, loss, Pass.training(4));
      assertEquals(List.of(), result.mismatches());
      assertTrue(
          result.skipped() <= result.compared() / 5,
          "skipped %d of %d".formatted(result.skipped(), result.compared() + result.skipped()));
    }
  }

  static Stream<Arguments> losses() {
    return Stream.of(
        Arguments.of(new Loss.SoftmaxCrossEntropy(0)),
        Arguments.of(new Loss.SoftmaxCrossEntropy(0.1f)),
        Arguments.of(new Loss.MeanSquaredError()));
  }

  @ParameterizedTest
  @MethodSource("losses")
  void lossesThroughASmoothNetwork(Loss loss) {
    NetworkSpec spec =
        NetworkSpec.inputs(5).sparseLinear(8).activation(Activation.TANH).denseLinear(4);
    try (Network network = build(spec)) {
      Result result = check(network, loss, Pass.PREDICT);
      assertEquals(List.of(), result.mismatches());
      assertTrue(result.skipped() <= 2, "skipped " + result.skipped());
      assertEquals(20 + 8 + 32 + 4 + 30, result.compared() + result.skipped());
    }
  }

  @ParameterizedTest
  @MethodSource("losses")
  void theMultilayerPerceptronsOfSet(Loss loss) {
    assertSound(
        NetworkSpec.inputs(6)
            .sparseLinear(9)
            .srelu()
            .dropout(0.3f)
            .sparseLinear(8)
            .srelu()
            .dropout(0.3f)
            .denseLinear(4),
        loss);
    assertSound(
        NetworkSpec.inputs(6)
            .sparseLinear(9)
            .relu()
            .dropout(0.3f)
            .sparseLinear(8)
            .relu()
            .denseLinear(4),
        loss);
    assertSound(
        NetworkSpec.inputs(6)
            .sparseLinear(9)
            .activation(Activation.allRelu(0.6f, 0))
            .sparseLinear(8)
            .activation(Activation.allRelu(0.6f, 1))
            .sparseLinear(4),
        loss);
  }

  @ParameterizedTest
  @MethodSource("losses")
  void outputsThatAreAnActivation(Loss loss) {
    NetworkSpec spec = NetworkSpec.inputs(6).sparseLinear(9).relu().denseLinear(4);
    assertSound(spec.activation(Activation.SIGMOID), loss);
    assertSound(spec.activation(Activation.TANH), loss);
    assertSound(spec.activation(Activation.leakyRelu(0.2f)), loss);
    assertSound(spec.srelu(), loss);
    assertSound(spec.dropout(0.2f), loss);
  }

  @Test
  void networksThatStartWithSomethingElseThanALinearLayer() {
    Loss loss = new Loss.SoftmaxCrossEntropy(0);
    assertSound(NetworkSpec.inputs(6).dropout(0.2f).sparseLinear(4), loss);
    assertSound(NetworkSpec.inputs(6).relu().sparseLinear(4), loss);
    assertSound(NetworkSpec.inputs(6).activation(Activation.SIGMOID).relu().denseLinear(4), loss);
    assertSound(NetworkSpec.inputs(6).srelu().dropout(0.2f).sparseLinear(4), loss);
  }

  @Test
  void activationsRightAfterEachOtherAndAfterDropout() {
    Loss loss = new Loss.SoftmaxCrossEntropy(0);
    NetworkSpec spec = NetworkSpec.inputs(6).sparseLinear(9);
    assertSound(spec.activation(Activation.SIGMOID).relu().denseLinear(4), loss);
    assertSound(spec.dropout(0.3f).relu().denseLinear(4), loss);
    assertSound(spec.relu().activation(Activation.TANH).dropout(0.1f).denseLinear(4), loss);
    assertSound(spec.srelu().relu().denseLinear(4), loss);
  }

  @Test
  void everyActivationAfterEveryOther() {
    List<Activation> all =
        List.of(
            Activation.RELU,
            Activation.leakyRelu(0.3f),
            Activation.leakyRelu(-0.3f),
            Activation.SIGMOID,
            Activation.TANH);
    for (Activation first : all) {
      for (Activation second : all) {
        NetworkSpec spec = NetworkSpec.inputs(6).sparseLinear(9).activation(first);
        assertSound(spec.activation(second).denseLinear(4), new Loss.MeanSquaredError());
        NetworkSpec dropped = spec.dropout(0.2f).activation(second).denseLinear(4);
        assertSound(dropped, new Loss.MeanSquaredError());
      }
    }
  }

  @Test
  void inputsAreOnlyRead() {
    NetworkSpec activation = NetworkSpec.inputs(6).activation(Activation.TANH).denseLinear(4);
    NetworkSpec dropout = NetworkSpec.inputs(6).dropout(0.5f).relu().denseLinear(4);
    for (NetworkSpec spec : List.of(activation, dropout)) {
      try (Network network = build(spec)) {
        Tensor input = network.input(6);
        float[] numbers = Objectives.random((int) input.buffer().length(), 3);
        backend.memory().upload(numbers, 0, input.buffer(), 0, numbers.length);
        network.forward(input, Pass.PREDICT);
        network.forward(input, Pass.training(1));
        assertArrayEquals(numbers, backend.memory().floats(input.buffer(), numbers.length));
      }
    }
  }

  @Test
  void gradientsAreRightAfterTopologyUpdates() {
    NetworkSpec spec =
        NetworkSpec.inputs(6)
            .sparseLinear(9)
            .activation(Activation.TANH)
            .sparseLinear(8)
            .activation(Activation.TANH)
            .sparseLinear(4);
    try (Network network = build(spec)) {
      for (int update = 0; update < 3; update++) {
        assertEquals(
            List.of(), check(network, new Loss.MeanSquaredError(), Pass.PREDICT).mismatches());
        for (SparseWeights weights : network.sparseWeights()) {
          PruneAndGrow.set()
              .update(TopologyUpdate.of(backend, new TopologyMemory(), weights, update));
        }
      }
      for (SparseWeights weights : network.sparseWeights()) {
        PruneAndGrow.set().finish(TopologyUpdate.of(backend, new TopologyMemory(), weights, 0));
      }
      assertEquals(
          List.of(), check(network, new Loss.MeanSquaredError(), Pass.PREDICT).mismatches());
    }
  }

  @Test
  void theCheckItselfFindsWrongGradients() {
    NetworkSpec spec = NetworkSpec.inputs(5).activation(Activation.TANH).denseLinear(4);
    try (Network network = build(spec)) {
      GradientCheck.Objective half =
          (outputs, dOutputs) ->
              Objectives.weightedSum(backend).apply(outputs, dOutputs) * (1 + 1e-2);
      float[] samples = Objectives.random(5 * 6, 3);
      Result result =
          new GradientCheck(network, Pass.PREDICT, half, samples, 6, Tolerance.FLOAT32).run();
      assertFalse(result.mismatches().isEmpty());
    }
  }
}
