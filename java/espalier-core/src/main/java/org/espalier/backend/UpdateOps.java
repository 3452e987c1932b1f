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

  /**
   * Moves averages towards values: {@code average += (1 - decay) * (value - average)}.
   *
   * @param averages n floats
   * @param values n floats
   * @param decay in [0, 1]
   */
  default void average(DeviceBuffer averages, DeviceBuffer values, long n, float decay) {
    // a step down the slope average - value, which SGD sees as decay less gradient
    sgd(averages, values, null, n, new SgdRule(0, false, 1), 1 - decay, -1);
  }

  /**
   * Adds numbers to others: {@code sum += factor * value}.
   *
   * @param sums n floats
   * @param values n floats
   */
  default void add(DeviceBuffer sums, DeviceBuffer values, long n, float factor) {
    sgd(sums, values, null, n, new SgdRule(0, false, 0), 1, -factor);
  }

  /** Returns the sum of squares of n floats, in double precision and a fixed order. */
  double sumOfSquares(DeviceBuffer values, long n);

  /** Copies the values of the weights into their transposed copy, if there is one. */
  void syncTransposed(SparseWeights weights);
}
