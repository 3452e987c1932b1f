/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.nn;

import java.util.List;
import org.espalier.backend.Activation;
import org.espalier.backend.Backend;
import org.espalier.backend.Epilogue;
import org.espalier.sparse.Taps;
import org.espalier.tensor.Tensor;

/**
 * A fully connected layer with all its weights, for small outputs such as a classifier, and an
 * activation, fused into its product.
 */
final class DenseLinear implements Layer {

  private final Backend backend;
  private final String name;
  private final int inputs;
  private final int outputs;
  private final int maxPositions;
  private final DenseParameter weight;
  private final DenseParameter bias;
  private final FusedActivation activation;
  private final Activations y;
  private Activations dx;
  private Tensor x;

  /**
   * Creates the layer.
   *
   * @param weights row-major, {@code outputs x inputs}
   * @param activation one whose derivative can be read off its output, or null for none
   */
  DenseLinear(
      Backend backend,
      String name,
      float[] weights,
      int inputs,
      int outputs,
      Activation activation,
      int maxPositions) {
    this.backend = backend;
    this.activation = new FusedActivation(activation);
    this.name = name;
    this.inputs = inputs;
    this.outputs = outputs;
    this.maxPositions = maxPositions;
    try (Acquired acquired = new Acquired()) {
      this.weight = acquired.add(new DenseParameter(backend, name + ".weight", weights, true));
      float[] zeros = new float[outputs];
      this.bias = acquired.add(new DenseParameter(backend, name + ".bias", zeros, false));
      this.y = new Activations(backend, outputs, maxPositions);
      acquired.keep();
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int outputs() {
    return outputs;
  }

  @Override
  public Tensor forward(Tensor input, Pass pass) {
    x = input;
    Tensor out = y.positions(input.positions());
    backend
        .dense()
        .gemm(weight.values(), Taps.NONE, bias.values(), input, out, activation.forward(out));
    return out;
  }

  @Override
  public Epilogue gradientEpilogue() {
    return activation.gradient();
  }

  @Override
  public Tensor backward(Tensor dy, Epilogue input, GradientSink sink) {
    Tensor out = input == null ? null : inputGradient(dy, input);
    backend.dense().gemmGradient(Taps.NONE, x, dy, weight.gradient());
    sink.dense(weight);
    backend.rows().rowSums(dy, bias.gradient());
    sink.dense(bias);
    return out;
  }

  private Tensor inputGradient(Tensor dy, Epilogue epilogue) {
    if (dx == null) {
      dx = new Activations(backend, inputs, maxPositions);
    }
    Tensor out = dx.positions(dy.positions());
    backend.dense().gemmTransposed(weight.values(), Taps.NONE, dy, out, epilogue);
    return out;
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(weight, bias);
  }

  @Override
  public void close() {
    weight.close();
    bias.close();
    y.close();
    if (dx != null) {
      dx.close();
    }
  }
}
