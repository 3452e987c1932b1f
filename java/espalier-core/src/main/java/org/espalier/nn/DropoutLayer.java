/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.nn;

import java.util.List;
import org.espalier.backend.Backend;
import org.espalier.backend.Dropout;
import org.espalier.backend.Epilogue;
import org.espalier.sparse.Keys;
import org.espalier.tensor.Tensor;

/** Inverted dropout; the identity when predicting. */
final class DropoutLayer implements Layer {

  private final Backend backend;
  private final String name;
  private final float rate;
  private final int outputs;
  private final int index;
  private final Activations y;
  private Dropout current;

  /**
   * Takes ownership of the memory of its outputs.
   *
   * @param index tells dropout layers of one network apart
   */
  DropoutLayer(Backend backend, String name, float rate, int outputs, int index, Activations y) {
    this.backend = backend;
    this.name = name;
    this.rate = rate;
    this.outputs = outputs;
    this.index = index;
    this.y = y;
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
    if (!pass.training()) {
      current = null;
      return input;
    }
    current = new Dropout(rate, Keys.hash(pass.key(), index));
    TensorShape shape = y.shape();
    Tensor out = y.samples(shape.samples(input));
    backend.rows().dropout(current, shape.counted(input), shape.counted(out));
    return out;
  }

  @Override
  public Tensor backward(Tensor dy, Epilogue input, GradientSink sink) {
    if (input == null) {
      return null;
    }
    if (current != null) {
      Tensor counted = y.shape().counted(dy);
      backend.rows().dropout(current, counted, counted);
    }
    backend.rows().finish(input, dy);
    return dy;
  }

  @Override
  public List<Parameter> parameters() {
    return List.of();
  }

  @Override
  public void close() {
    y.close();
  }
}
