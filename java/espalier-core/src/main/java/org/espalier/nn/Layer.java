/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.nn;

import java.util.List;
import org.espalier.backend.Epilogue;
import org.espalier.tensor.Tensor;

/**
 * One step of a network, with the buffers of its own outputs. To add a layer: implement this, add a
 * case to {@link LayerSpec}, and a gradient check.
 *
 * <p>A backward pass belongs to the forward pass before it. Outputs stay valid until the layer's
 * next forward pass; the gradient of its input lies in memory that layers share, and is valid until
 * whoever ran the layer gives it back or runs it again.
 */
public interface Layer extends AutoCloseable {

  /** Returns the name, unique in its network. */
  String name();

  /** Returns how many numbers it makes of one sample. */
  int outputs();

  /**
   * Computes the outputs; the input may be overwritten if the layer's gradient does not need it.
   */
  Tensor forward(Tensor x, Pass pass);

  /**
   * Hands the gradients of the parameters to a sink and, if wanted, computes the gradient of the
   * input.
   *
   * @param dy gradient of the outputs, after this layer's own {@link #gradientEpilogue}; may be
   *     overwritten
   * @param input what to do to the gradient of the input, or null if nobody needs it
   * @return gradient of the input, or null if not wanted
   */
  Tensor backward(Tensor dy, Epilogue input, GradientSink sink);

  /**
   * Returns what the gradient of the outputs of the last forward pass goes through before it comes
   * to {@link #backward}: the gradient of an activation that is fused into this layer. Whoever
   * computes the gradient does it, because there it costs nothing.
   */
  default Epilogue gradientEpilogue() {
    return Epilogue.NONE;
  }

  /** Returns what training changes. */
  List<Parameter> parameters();

  /** Returns what predicting needs beside the parameters. */
  default List<Statistics> statistics() {
    return List.of();
  }

  /** Returns the layers that this one is made of; their parameters are its own too. */
  default List<Layer> inner() {
    return List.of();
  }

  /** Returns the places of one sample at which every weight is used: pixels of the output, or 1. */
  default int pixels() {
    return 1;
  }

  @Override
  void close();
}
