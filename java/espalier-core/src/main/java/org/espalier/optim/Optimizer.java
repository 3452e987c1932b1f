/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.optim;

import java.util.List;
import org.espalier.backend.SparseProducts;
import org.espalier.backend.UpdateOps;
import org.espalier.nn.Parameter;
import org.espalier.nn.SparseParameter;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.Tensor;

/** How a gradient becomes a step. */
public interface Optimizer {

  /** Returns how many state arrays each parameter needs. */
  int stateArrays();

  /**
   * Changes the values of one parameter.
   *
   * @param gradientScale factor of the gradient before anything else
   */
  void step(UpdateOps ops, Parameter parameter, double learningRate, double gradientScale);

  /**
   * Computes the gradient of sparse weights and changes their values with it in one product, such
   * as {@link SparseProducts#sddmmSgd}.
   *
   * @param x input of the layer
   * @param dy gradient of the layer's product
   * @param biasGradient where the gradient of the biases goes
   */
  void fusedStep(
      SparseProducts ops,
      SparseParameter weight,
      Tensor x,
      Tensor dy,
      DeviceBuffer biasGradient,
      double learningRate);

  /** Gives every parameter the state arrays it needs. */
  default void prepare(List<Parameter> parameters) {
    for (Parameter parameter : parameters) {
      while (parameter.state().size() < stateArrays()) {
        parameter.addState();
      }
    }
  }
}
