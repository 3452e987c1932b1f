/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.nn;

import java.util.List;
import org.espalier.backend.Backend;
import org.espalier.backend.Epilogue;
import org.espalier.tensor.Tensor;

/** Layers that run one after the other: a network, or one way through a residual layer. */
final class Sequence implements AutoCloseable {

  private final Backend backend;
  private final GradientMemory gradients;
  private final List<Layer> layers;
  private final List<Parameter> parameters;

  /** Takes ownership of the layers; there is at least one. */
  Sequence(Backend backend, GradientMemory gradients, List<Layer> layers) {
    this.backend = backend;
    this.gradients = gradients;
    this.layers = List.copyOf(layers);
    this.parameters = layers.stream().flatMap(layer -> layer.parameters().stream()).toList();
  }

  List<Layer> layers() {
    return layers;
  }

  List<Parameter> parameters() {
    return parameters;
  }

  Layer last() {
    return layers.get(layers.size() - 1);
  }

  Tensor forward(Tensor x, Pass pass) {
    return forward(x, pass, layers.size());
  }

  /** Runs the first {@code count} layers. */
  Tensor forward(Tensor x, Pass pass, int count) {
    Tensor activations = x;
    for (int l = 0; l < count; l++) {
      Layer layer = layers.get(l);
      backend.working(layer.name());
      activations = layer.forward(activations, pass);
    }
    return activations;
  }

  /**
   * Runs the layers backward.
   *
   * @param dy gradient of the outputs after the last layer's {@link Layer#gradientEpilogue}; stays
   *     the caller's
   * @param input what the gradient of the input goes through, or null if it is not wanted
   * @return gradient of the input, or null if it is not wanted
   */
  Tensor backward(Tensor dy, Epilogue input, GradientSink sink) {
    int first = input == null ? firstWithParameters() : 0;
    Tensor gradient = dy;
    for (int l = layers.size() - 1; l >= first; l--) {
      backend.working(layers.get(l).name());
      Epilogue before = l == 0 ? input : layers.get(l - 1).gradientEpilogue();
      Tensor read = gradient;
      gradient = layers.get(l).backward(read, l > first || input != null ? before : null, sink);
      if (read != dy && read != gradient) {
        gradients.giveBack(read);
      }
    }
    return gradient;
  }

  private int firstWithParameters() {
    int first = 0;
    while (first < layers.size() - 1 && layers.get(first).parameters().isEmpty()) {
      first++;
    }
    return first;
  }

  @Override
  public void close() {
    layers.forEach(Layer::close);
  }
}
