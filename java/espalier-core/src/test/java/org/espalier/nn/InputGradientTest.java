/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.espalier.backend.Activation;
import org.espalier.backend.Normalization;
import org.espalier.backend.scalar.ScalarBackend;
import org.espalier.nn.GradientCheck.Result;
import org.espalier.nn.GradientCheck.Tolerance;
import org.espalier.sparse.Kernel;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.ElementType;
import org.espalier.tensor.Tensor;
import org.espalier.topology.UniformDensity;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Gradients of the input of a network that predicts, as attacks need them. */
class InputGradientTest {

  private static final int[] LABELS = {0, 3, 1, 2, 0, 1};

  static Stream<NetworkSpec> networks() {
    NetworkSpec inputs = NetworkSpec.inputs(6);
    return Stream.of(
        inputs.sparseLinear(9).srelu().dropout(0.4f).denseLinear(4),
        inputs.denseLinear(9).srelu().dropout(0.4f).sparseLinear(4),
        inputs.sparseLinear(9).relu().dropout(0.4f).sparseLinear(8).relu().denseLinear(4),
        inputs.denseLinear(9).relu().denseLinear(8).activation(Activation.TANH).sparseLinear(4),
        inputs.denseLinear(4),
        inputs.sparseLinear(4).activation(Activation.SIGMOID),
        inputs.dropout(0.4f).sparseLinear(9).activation(Activation.allRelu(0.6f, 1)).denseLinear(4),
        inputs.srelu().dropout(0.4f).denseLinear(4),
        ofImages());
  }

  /** Normalised with running statistics, once with a ReLU and once at the end of a body. */
  private static NetworkSpec ofImages() {
    LayerSpec.Norm norm = new LayerSpec.Norm(new Normalization(0.3f, 0.1f));
    Kernel kernel = Kernel.same(3, 1);
    LayerSpec.Convolution sparse = new LayerSpec.Convolution(4, kernel, true, false);
    LayerSpec.Residual residual = new LayerSpec.Residual(List.of(sparse, norm), List.of(), false);
    return NetworkSpec.inputs(6)
        .add(new LayerSpec.Images(1, 2, 3))
        .add(new LayerSpec.Convolution(4, kernel, false, false))
        .add(norm)
        .relu()
        .add(residual)
        .add(new LayerSpec.Flatten())
        .denseLinear(4);
  }

  @ParameterizedTest
  @MethodSource("networks")
  void areTheSlopesAndNeedNoParameterGradients(NetworkSpec spec) {
    ScalarBackend backend = new ScalarBackend();
    try (Network network =
        new NetworkBuilder(spec, new UniformDensity(0.5), WeightInit.HE, true, 5, 9)
            .build(backend)) {
      GradientCheck.Objective objective =
          Objectives.loss(backend, new Loss.SoftmaxCrossEntropy(0), LABELS);
      float[] samples = Objectives.random(6 * LABELS.length, 3);
      Result result =
          new GradientCheck(
                  network, Pass.PREDICT, objective, samples, LABELS.length, Tolerance.FLOAT32)
              .run();
      assertEquals(
          List.of(),
          result.mismatches().stream().filter(at -> !at.where().startsWith("norm")).toList(),
          "the parameters of normalisation have no gradient in prediction");
      assertTrue(result.skipped() <= result.compared() / 5, "skipped " + result.skipped());
      assertArrayEquals(
          inputGradient(network, objective, samples, GradientSink.keep(backend)),
          inputGradient(network, objective, samples, GradientSink.ignore()));
    }
    assertEquals(0, backend.memory().liveBuffers());
  }

  private static float[] inputGradient(
      Network network, GradientCheck.Objective objective, float[] samples, GradientSink sink) {
    int n = LABELS.length;
    Tensor input = network.input(n);
    for (int f = 0; f < network.inputs(); f++) {
      long at = input.offset() + (long) f * input.stride();
      network.backend().memory().upload(samples, f * n, input.buffer(), at, n);
    }
    Tensor outputs = network.forward(input, Pass.PREDICT);
    long size = (long) outputs.rows() * outputs.stride();
    try (DeviceBuffer buffer = network.backend().memory().allocate(ElementType.FLOAT32, size)) {
      Tensor dOutputs = new Tensor(buffer, 0, outputs.rows(), n, outputs.stride());
      objective.apply(outputs, dOutputs);
      Tensor gradient = network.backward(dOutputs, true, sink);
      return GradientCheck.download(network.backend().memory(), gradient);
    }
  }
}
