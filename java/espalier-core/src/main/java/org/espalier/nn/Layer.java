/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.nn;

import java.util.List;
import org.espalier.tensor.Tensor;

/**
 * One step of a network, with the buffers of its own outputs. To add a layer: implement this, add a
 * case to {@link LayerSpec}, and a gradient check.
 *
 * <p>A backward pass belongs to the forward pass before it; tensors that a layer returned stay
 * valid until its next forward pass.
 */
public interface Layer extends AutoCloseable {

  /** Returns the name, unique in its network. */
  String name();

  /** Returns the number of output rows. */
  int outputs();

  /**
   * Computes the outputs; the input may be overwritten if the layer's gradient does not need it.
   */
  Tensor forward(Tensor x, Pass pass);

  /**
   * Computes the gradients of the parameters and, if wanted, of the input.
   *
   * @param dy gradient of the outputs; may be overwritten
   * @param inputGradient whether anybody needs the result
   * @return gradient of the input, or null if not wanted
   */
  Tensor backward(Tensor dy, boolean inputGradient);

  /** Returns what training changes. */
  List<Parameter> parameters();

  @Override
  void close();
}
