/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.nn;

import java.util.List;
import org.espalier.backend.Activation;
import org.espalier.backend.Backend;
import org.espalier.backend.Epilogue;
import org.espalier.tensor.Tensor;

/** A fully connected layer and an activation, fused into its product. */
final class LinearLayer implements Layer {

  private final Backend backend;
  private final String name;
  private final LayerWeights weights;
  private final DenseParameter bias;
  private final FusedActivation activation;
  private final Activations y;
  private final InputGradient dx;
  private Tensor x;

  /**
   * Takes ownership of the weights, even if the layer cannot be made.
   *
   * @param activation one whose derivative can be read off its output, or null for none
   */
  LinearLayer(
      Backend backend,
      LayerPlan plan,
      LayerWeights weights,
      Activation activation,
      GradientMemory gradients,
      int maxPositions) {
    this.backend = backend;
    this.name = plan.name();
    this.activation = new FusedActivation(activation);
    this.dx = new InputGradient(gradients, TensorShape.of(plan.in(), null));
    int outputs = plan.out().size();
    try (Acquired acquired = new Acquired()) {
      this.weights = acquired.add(weights);
      float[] zeros = new float[outputs];
      this.bias = acquired.add(new DenseParameter(backend, name + ".bias", zeros, false));
      this.y = new Activations(backend, TensorShape.of(plan.out(), null), maxPositions);
      acquired.keep();
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int outputs() {
    return (int) bias.size();
  }

  @Override
  public Tensor forward(Tensor input, Pass pass) {
    x = input;
    Tensor out = y.samples(input.positions());
    weights.forward(bias, input, out, activation.forward(out));
    return out;
  }

  @Override
  public Epilogue gradientEpilogue() {
    return activation.gradient();
  }

  @Override
  public Tensor backward(Tensor dy, Epilogue input, GradientSink sink) {
    Tensor out = input == null ? null : inputGradient(dy, input);
    weights.gradient(x, dy, bias, sink);
    return out;
  }

  private Tensor inputGradient(Tensor dy, Epilogue epilogue) {
    Tensor out = dx.lend(dy.positions());
    weights.backward(dy, out, epilogue);
    return out;
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(weights.parameter(), bias);
  }

  @Override
  public void close() {
    weights.close();
    bias.close();
    y.close();
  }
}
