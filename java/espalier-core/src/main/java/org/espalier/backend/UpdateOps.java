/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend;

import org.espalier.sparse.SparseWeights;
import org.espalier.tensor.DeviceBuffer;

/** Operations of optimizers, over any parameter's arrays: one streaming pass each. */
public interface UpdateOps {

  /**
   * Momentum SGD: {@code g' = gradientScale * g + weightDecay * w; v = momentum * v + g'; w -=
   * learningRate * (nesterov ? g' + momentum * v : v)}.
   *
   * @param velocity n floats, or null when momentum is 0
   * @param gradientScale factor of the gradient before anything else (clipping)
   */
  void sgd(
      DeviceBuffer values,
      DeviceBuffer gradient,
      DeviceBuffer velocity,
      long n,
      SgdRule rule,
      float learningRate,
      float gradientScale);

  /** Returns the sum of squares of n floats, in double precision and a fixed order. */
  double sumOfSquares(DeviceBuffer values, long n);

  /** Copies the values of the weights into their transposed copy, if there is one. */
  void syncTransposed(SparseWeights weights);
}
