/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.nn;

import org.espalier.backend.Epilogue;
import org.espalier.tensor.Tensor;

/** The weights of a layer and its three products with them. */
interface LayerWeights extends AutoCloseable {

  /** Returns the weights as what training changes. */
  Parameter parameter();

  /**
   * Computes the outputs.
   *
   * @param bias null for none
   */
  void forward(DenseParameter bias, Tensor x, Tensor y, Epilogue epilogue);

  /** Computes the gradient of the input. */
  void backward(Tensor dy, Tensor dx, Epilogue epilogue);

  /** Hands the gradients of the weights and the bias to a sink. */
  void gradient(Tensor x, Tensor dy, DenseParameter bias, GradientSink sink);

  @Override
  void close();
}
