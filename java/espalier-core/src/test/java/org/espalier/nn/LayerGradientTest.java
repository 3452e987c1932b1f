/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.espalier.backend.Activation;
import org.espalier.backend.Epilogue;
import org.espalier.backend.scalar.ScalarBackend;
import org.espalier.nn.GradientCheck.Result;
import org.espalier.nn.GradientCheck.Tolerance;
import org.espalier.sparse.CsrMatrix;
import org.espalier.sparse.SparseWeights;
import org.espalier.sparse.Taps;
import org.espalier.sparse.ValueRule;
import org.espalier.tensor.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Gradients of each layer on its own, against differences. */
class LayerGradientTest {

  private static final int POSITIONS = 5;
  private static final int ROOM = 20;

  private final ScalarBackend backend = new ScalarBackend();
  private final GradientMemory gradients = new GradientMemory(backend.memory());

  @AfterEach
  void nothingIsLeft() {
    assertEquals(0, backend.memory().liveBuffers());
  }

  private Result check(int inputs, Pass pass, Layer... layers) {
    try (Network network = new Network(backend, inputs, ROOM, gradients, List.of(layers))) {
      float[] samples = Objectives.random(inputs * POSITIONS, 3);
      return new GradientCheck(
              network, pass, Objectives.weightedSum(backend), samples, POSITIONS, Tolerance.FLOAT32)
          .run();
    }
  }

  private static void assertSound(int numbers, int mostSkipped, Result result) {
    assertEquals(List.of(), result.mismatches());
    assertEquals(numbers, result.compared() + result.skipped());
    assertTrue(result.skipped() <= mostSkipped, "skipped " + result.skipped());
  }

  private Activations features(int count) {
    return new Activations(backend, new TensorShape(count, null), ROOM);
  }

  private Layer sparse(int outputs, int inputs, int count) {
    return sparse(outputs, inputs, count, null);
  }

  private Layer sparse(int outputs, int inputs, int count, Activation activation) {
    ValueRule initial = new ValueRule(ValueRule.Kind.NORMAL, 0.7f);
    CsrMatrix csr = backend.topology().random(outputs, inputs, count, 1, initial, 2);
    SparseWeights weights = new SparseWeights("sparse", csr, initial);
    SparseParameter parameter = new SparseParameter(backend, "sparse.weight", weights);
    return linear(outputs, inputs, new SparseLayerWeights(backend, parameter), activation);
  }

  private Layer dense(int outputs, int inputs, Activation activation) {
    float[] values = Objectives.random(outputs * inputs, 4);
    DenseParameter parameter = new DenseParameter(backend, "dense.weight", values, true);
    LayerWeights weights = new DenseLayerWeights(backend, parameter, Taps.NONE);
    return linear(outputs, inputs, weights, activation);
  }

  private Layer linear(int outputs, int inputs, LayerWeights weights, Activation activation) {
    LayerPlan plan = NetworkSpec.inputs(inputs).denseLinear(outputs).plan().get(0);
    return new LinearLayer(backend, plan, weights, activation, gradients, ROOM);
  }

  @Test
  void sparseLinear() {
    assertSound(14 + 7 + 30, 0, check(6, Pass.PREDICT, sparse(7, 6, 14)));
  }

  @Test
  void sparseLinearThatIsFullOrHasNoConnectionsAtAll() {
    assertSound(20 + 4 + 25, 0, check(5, Pass.PREDICT, sparse(4, 5, 20)));
    assertSound(4 + 25, 0, check(5, Pass.PREDICT, sparse(4, 5, 0)));
  }

  @Test
  void sparseLinearBelowAnotherSparseLinear() {
    Layer upper = sparse(3, 7, 9);
    assertSound(14 + 7 + 9 + 3 + 30, 0, check(6, Pass.PREDICT, sparse(7, 6, 14), upper));
  }

  @Test
  void denseLinear() {
    assertSound(28 + 4 + 35, 0, check(7, Pass.PREDICT, dense(4, 7, null)));
  }

  static Stream<Named<Activation>> activations() {
    return Stream.of(
        Named.of("relu", Activation.RELU),
        Named.of("leaky", Activation.leakyRelu(0.1f)),
        Named.of("leaky of slope 0", Activation.leakyRelu(0f)),
        Named.of("all-relu, even layer", Activation.allRelu(0.6f, 0)),
        Named.of("all-relu, odd layer", Activation.allRelu(0.6f, 1)),
        Named.of("sigmoid", Activation.SIGMOID),
        Named.of("tanh", Activation.TANH));
  }

  @ParameterizedTest
  @MethodSource("activations")
  void activationWithOwnBuffer(Activation activation) {
    Layer layer = new ActivationLayer(backend, "act", activation, 6, features(6));
    assertSound(30, 2, check(6, Pass.PREDICT, layer));
  }

  static Stream<Named<Activation>> fusedActivations() {
    return activations().filter(named -> named.getPayload().derivativeFromOutput());
  }

  @ParameterizedTest
  @MethodSource("fusedActivations")
  void activationFusedIntoTheLastLayer(Activation activation) {
    assertSound(20 + 7 + 30, 8, check(6, Pass.PREDICT, sparse(7, 6, 20, activation)));
    assertSound(28 + 4 + 35, 8, check(7, Pass.PREDICT, dense(4, 7, activation)));
  }

  @ParameterizedTest
  @MethodSource("fusedActivations")
  void activationFusedIntoALayerBelowEachKindOfLayer(Activation activation) {
    List<Layer> above =
        List.of(
            sparse(3, 7, 9),
            dense(4, 7, null),
            new DropoutLayer(backend, "dropout", 0.4f, 7, 1, features(7)),
            new SreluLayer(backend, "srelu", 7, ROOM, 9),
            new ActivationLayer(backend, "act", Activation.leakyRelu(-0.3f), 7, features(7)));
    for (Layer layer : above) {
      Result result = check(6, Pass.training(8), sparse(7, 6, 20, activation), layer);
      assertEquals(List.of(), result.mismatches(), layer.name());
      assertTrue(result.compared() > 40, layer.name() + " skipped " + result.skipped());
    }
  }

  @Test
  void activationsInChains() {
    for (Activation first : activations().map(Named::getPayload).toList()) {
      for (Activation second : activations().map(Named::getPayload).toList()) {
        List<Layer> layers = new ArrayList<>();
        layers.add(dense(4, 3, null));
        layers.add(new ActivationLayer(backend, "first", first, 4, features(4)));
        layers.add(new ActivationLayer(backend, "second", second, 4, features(4)));
        Result result = check(3, Pass.PREDICT, layers.toArray(Layer[]::new));
        assertEquals(List.of(), result.mismatches(), first + " then " + second);
        assertTrue(result.compared() > 20);
      }
    }
  }

  @Test
  void sreluWithItsFourNumbers() {
    SreluLayer layer = new SreluLayer(backend, "srelu", 6, ROOM, 9);
    // knees where the samples are, so that every branch is taken; widths of both signs
    float[] knees = {
      -0.6f, -0.5f, -0.4f, -0.3f, -0.2f, -0.7f, // left knee
      0.1f, 0.5f, -0.3f, 1.2f, 0f, 0.3f, // left slope
      0.9f, -0.8f, 1.1f, -1f, 0.7f, 1.2f, // width
      0.4f, 1.5f, -0.2f, 0.9f, 0f, 2f // right slope
    };
    Parameter parameter = layer.parameters().get(0);
    backend.memory().upload(knees, 0, parameter.values(), 0, knees.length);
    Result result = check(6, Pass.PREDICT, layer);
    assertSound(24 + 30, 10, result);
  }

  @Test
  void sreluStartsAsItsAuthorsLetItStart() {
    try (SreluLayer layer = new SreluLayer(backend, "srelu", 4000, ROOM, 9)) {
      float[] knees = backend.memory().floats(layer.parameters().get(0).values(), 16_000);
      double slope = 0;
      double width = 0;
      for (int r = 0; r < 4000; r++) {
        assertEquals(0f, knees[r]);
        assertTrue(knees[4000 + r] >= 0 && knees[4000 + r] < 1);
        assertTrue(knees[8000 + r] >= 0 && knees[8000 + r] < 5);
        assertEquals(1f, knees[12_000 + r]);
        slope += knees[4000 + r] / 4000;
        width += knees[8000 + r] / 4000;
      }
      assertEquals(0.5, slope, 0.03);
      assertEquals(2.5, width, 0.15);
    }
  }

  @Test
  void dropoutWithAFixedKey() {
    Layer layer = new DropoutLayer(backend, "dropout", 0.4f, 6, 1, features(6));
    assertSound(30, 0, check(6, Pass.training(8), layer));
  }

  @Test
  void dropoutIsTheIdentityWhenPredicting() {
    try (DropoutLayer layer = new DropoutLayer(backend, "dropout", 0.9f, 6, 1, features(6));
        Network network = new Network(backend, 6, ROOM, gradients, List.of())) {
      Tensor input = network.input(POSITIONS);
      assertEquals(input, layer.forward(input, Pass.PREDICT));
      layer.forward(input, Pass.training(1));
      backend.memory().fill(input.buffer(), 0, input.buffer().length(), 3f);
      layer.forward(input, Pass.PREDICT);
      float[] before = GradientCheck.download(backend.memory(), input);
      Tensor gradient = layer.backward(input, Epilogue.NONE, GradientSink.keep(backend));
      assertEquals(3f, before[0]);
      for (float value : GradientCheck.download(backend.memory(), gradient)) {
        assertEquals(3f, value);
      }
    }
  }

  @Test
  void dropoutKeepsItsShareAndTheMean() {
    try (DropoutLayer layer = new DropoutLayer(backend, "dropout", 0.3f, 1000, 1, features(1000));
        DropoutLayer other = new DropoutLayer(backend, "dropout", 0.3f, 1000, 2, features(1000));
        Network network = new Network(backend, 1000, ROOM, gradients, List.of())) {
      Tensor input = network.input(ROOM);
      backend.memory().fill(input.buffer(), 0, input.buffer().length(), 1f);
      float[] kept = run(layer, input, 1);
      int zeros = 0;
      for (float value : kept) {
        assertTrue(value == 0 || Math.abs(value - 1 / 0.7f) < 1e-6);
        zeros += value == 0 ? 1 : 0;
      }
      assertEquals(0.3, zeros / 20_000.0, 0.015);
      assertTrue(Arrays.equals(kept, run(layer, input, 1)), "same key, same mask");
      assertFalse(Arrays.equals(kept, run(layer, input, 2)), "another step");
      assertFalse(Arrays.equals(kept, run(other, input, 1)), "another layer");
    }
  }

  private float[] run(Layer layer, Tensor input, long key) {
    return GradientCheck.download(backend.memory(), layer.forward(input, Pass.training(key)));
  }
}
