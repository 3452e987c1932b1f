/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend;

import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.Tensor;

/**
 * Losses of a batch of n positions over C outputs. Each writes {@code outcome}, two rows of n: row
 * 0 the loss of each position, row 1 whether the largest output (the first of equals) is the label,
 * 1 or 0. The gradient is scaled by {@code gradientScale}, usually {@code 1 / n}.
 */
public interface LossOps {

  /**
   * Softmax cross-entropy: {@code loss = -sum over c of t_c log softmax(z)_c}, {@code dZ = scale *
   * (softmax(z) - t)}, with {@code t = (1 - smoothing) * onehot + smoothing / C}.
   *
   * @param logits C x n
   * @param labels at least n INT32 in [0, C)
   * @param smoothing label smoothing in [0, 1)
   * @param dLogits C x n, overwritten, or null when only the outcome is wanted; may be logits
   * @param outcome 2 x n, overwritten
   */
  void softmaxCrossEntropy(
      Tensor logits,
      DeviceBuffer labels,
      float smoothing,
      float gradientScale,
      Tensor dLogits,
      Tensor outcome);

  /**
   * Mean squared error against one-hot targets: {@code loss = 1/C sum over c of (y_c - t_c)^2},
   * {@code dY = scale * 2/C (y - t)}.
   *
   * @param dOutputs C x n, overwritten, or null when only the outcome is wanted; may be outputs
   */
  void squaredError(
      Tensor outputs, DeviceBuffer labels, float gradientScale, Tensor dOutputs, Tensor outcome);
}
