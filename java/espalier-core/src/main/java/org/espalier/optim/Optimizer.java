/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.optim;

import org.espalier.backend.UpdateOps;
import org.espalier.nn.Parameter;

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
}
