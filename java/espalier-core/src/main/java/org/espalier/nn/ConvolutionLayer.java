/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.nn;

import java.util.List;
import org.espalier.backend.Activation;
import org.espalier.backend.Backend;
import org.espalier.backend.Epilogue;
import org.espalier.sparse.Taps;
import org.espalier.tensor.ImageGrid;
import org.espalier.tensor.Tensor;

/**
 * A convolution and, fused into its product, an activation. With a stride the input is split into
 * phases first, so that every tap is a constant offset.
 */
final class ConvolutionLayer implements Layer {

  private final Backend backend;
  private final String name;
  private final int outputs;
  private final int stride;
  private final Taps taps;
  private final LayerWeights weights;
  private final DenseParameter bias; // null for none
  private final FusedActivation activation;
  private final Activations y;
  private final Activations phases; // null without a stride
  private final InputGradient dPhases; // null without a stride
  private final InputGradient dx;
  private Tensor x; // what the product read

  /**
   * Takes ownership of the weights, even if the layer cannot be made.
   *
   * @param activation one whose derivative can be read off its output, or null for none
   * @param in grid of the input
   */
  ConvolutionLayer(
      Backend backend,
      LayerPlan plan,
      LayerWeights weights,
      Activation activation,
      Taps taps,
      ImageGrid in,
      GradientMemory gradients,
      int maxImages) {
    LayerSpec.Convolution spec = (LayerSpec.Convolution) plan.spec();
    this.backend = backend;
    this.name = plan.name();
    this.outputs = plan.out().size();
    this.stride = spec.kernel().stride();
    this.taps = taps;
    this.activation = new FusedActivation(activation);
    this.dx = new InputGradient(gradients, TensorShape.of(plan.in(), in));
    int rows = plan.out().channels();
    int phaseRows = plan.in().channels() * taps.phases().size();
    TensorShape split = stride == 1 ? null : new TensorShape(phaseRows, taps.input());
    this.dPhases = split == null ? null : new InputGradient(gradients, split);
    if (split != null) {
      gradients.expect(split, maxImages);
    }
    try (Acquired acquired = new Acquired()) {
      this.weights = acquired.add(weights);
      this.bias =
          spec.bias()
              ? acquired.add(new DenseParameter(backend, name + ".bias", new float[rows], false))
              : null;
      TensorShape out = TensorShape.of(plan.out(), taps.output());
      this.y = acquired.add(new Activations(backend, out, maxImages));
      this.phases = split == null ? null : new Activations(backend, split, maxImages);
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
  public int pixels() {
    return taps.output().pixels();
  }

  @Override
  public Tensor forward(Tensor input, Pass pass) {
    TensorShape in = dx.shape();
    int images = in.samples(input);
    x = input;
    if (phases != null) {
      x = phases.samples(images);
      backend.images().split(input, in.grid(), stride, taps, x);
    }
    Tensor out = y.samples(images);
    weights.forward(bias, x, out, activation.forward(out));
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
    int images = y.shape().samples(dy);
    if (phases == null) {
      Tensor out = dx.lend(images);
      weights.backward(dy, out, epilogue);
      return out;
    }
    Tensor parts = dPhases.lend(images);
    weights.backward(dy, parts, Epilogue.NONE);
    Tensor out = dx.lend(images);
    backend.images().join(parts, taps, stride, out, dx.shape().grid());
    dPhases.giveBack(parts);
    backend.rows().finish(epilogue, out);
    return out;
  }

  @Override
  public List<Parameter> parameters() {
    return bias == null ? List.of(weights.parameter()) : List.of(weights.parameter(), bias);
  }

  @Override
  public void close() {
    weights.close();
    y.close();
    if (bias != null) {
      bias.close();
    }
    if (phases != null) {
      phases.close();
    }
  }
}
