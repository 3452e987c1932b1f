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
  private final int channels;
  private final int stride;
  private final Taps taps;
  private final ImageGrid in;
  private final int maxImages;
  private final LayerWeights weights;
  private final DenseParameter bias; // null for none
  private final FusedActivation activation;
  private final ImageActivations y;
  private final ImageActivations phases; // null without a stride
  private ImageActivations dPhases;
  private ImageActivations dx;
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
      int maxImages) {
    LayerSpec.Convolution spec = (LayerSpec.Convolution) plan.spec();
    this.backend = backend;
    this.name = plan.name();
    this.outputs = plan.out().size();
    this.channels = plan.in().channels();
    this.stride = spec.kernel().stride();
    this.taps = taps;
    this.in = in;
    this.maxImages = maxImages;
    this.activation = new FusedActivation(activation);
    int rows = plan.out().channels();
    try (Acquired acquired = new Acquired()) {
      this.weights = acquired.add(weights);
      this.bias =
          spec.bias()
              ? acquired.add(new DenseParameter(backend, name + ".bias", new float[rows], false))
              : null;
      this.y = acquired.add(new ImageActivations(backend, rows, taps.output(), maxImages));
      this.phases = stride == 1 ? null : split();
      acquired.keep();
    }
  }

  private ImageActivations split() {
    return new ImageActivations(backend, channels * taps.phases().size(), taps.input(), maxImages);
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
    int images = in.images(input);
    x = input;
    if (phases != null) {
      x = phases.images(images);
      backend.images().split(input, in, stride, taps, x);
    }
    Tensor out = y.images(images);
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
    if (dx == null) {
      dx = new ImageActivations(backend, channels, in, maxImages);
      dPhases = phases == null ? null : split();
    }
    int images = taps.output().images(dy);
    Tensor out = dx.images(images);
    if (phases == null) {
      weights.backward(dy, out, epilogue);
      return out;
    }
    Tensor parts = dPhases.images(images);
    weights.backward(dy, parts, Epilogue.NONE);
    backend.images().join(parts, taps, stride, out, in);
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
    for (ImageActivations optional : new ImageActivations[] {phases, dPhases, dx}) {
      if (optional != null) {
        optional.close();
      }
    }
  }
}
