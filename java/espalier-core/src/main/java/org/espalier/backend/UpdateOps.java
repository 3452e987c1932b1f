/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend;

import org.espalier.sparse.SparseWeights;
import org.espalier.tensor.DeviceBuffer;

/** Operations of optimizers, over any parameter's arrays: one streaming pass each. */
public interface UpdateOps {

  /**
   * Numbers of one momentum SGD step.
   *
   * @param learningRate step size
   * @param momentum factor of the velocity, 0 for none
   * @param nesterov whether the step looks ahead by one momentum step
   * @param weightDecay L2 coefficient, added to the gradient as {@code weightDecay * w}
   * @param gradientScale factor of the gradient before anything else (clipping)
   */
  record SgdStep(
      float learningRate,
      float momentum,
      boolean nesterov,
      float weightDecay,
      float gradientScale) {}

  /**
   * Momentum SGD: {@code g' = gradientScale * g + weightDecay * w; v = momentum * v + g'; w -=
   * learningRate * (nesterov ? g' + momentum * v : v)}.
   *
   * @param velocity n floats, or null when momentum is 0
   */
  void sgd(DeviceBuffer values, DeviceBuffer gradient, DeviceBuffer velocity, long n, SgdStep step);

  /** Returns the sum of squares of n floats, in double precision and a fixed order. */
  double sumOfSquares(DeviceBuffer values, long n);

  /** Copies the values of the weights into their transposed copy, if there is one. */
  void syncTransposed(SparseWeights weights);
}
