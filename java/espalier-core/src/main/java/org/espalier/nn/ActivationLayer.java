/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.nn;

import java.util.List;
import org.espalier.backend.Activation;
import org.espalier.backend.Backend;
import org.espalier.backend.Epilogue;
import org.espalier.tensor.Tensor;

/** An activation without parameters, where no layer before it can do it in its product. */
final class ActivationLayer implements Layer {

  private final Backend backend;
  private final String name;
  private final Activation activation;
  private final int outputs;
  private final Activations own;
  private Tensor x;
  private Tensor y;

  /** Takes ownership of the memory of its outputs. */
  ActivationLayer(
      Backend backend, String name, Activation activation, int outputs, Activations own) {
    this.backend = backend;
    this.name = name;
    this.activation = activation;
    this.outputs = outputs;
    this.own = own;
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
    TensorShape shape = own.shape();
    y = own.samples(shape.samples(input));
    backend.rows().activate(activation, shape.counted(x), shape.counted(y));
    return y;
  }

  @Override
  public Tensor backward(Tensor dy, Epilogue input, GradientSink sink) {
    if (input == null) {
      return null;
    }
    TensorShape shape = own.shape();
    Tensor counted = shape.counted(dy);
    backend
        .rows()
        .activateGradient(activation, shape.counted(x), shape.counted(y), counted, counted);
    backend.rows().finish(input, dy);
    return dy;
  }

  @Override
  public List<Parameter> parameters() {
    return List.of();
  }

  @Override
  public void close() {
    own.close();
  }
}
