/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.nn;

import org.espalier.backend.LossOps;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.Tensor;

/** What training makes small. */
public sealed interface Loss {

  /**
   * Computes loss and gradient of a batch; arguments as in {@link LossOps}.
   *
   * @param dOutputs null when only the outcome is wanted; may be outputs
   */
  void apply(
      LossOps ops,
      Tensor outputs,
      DeviceBuffer labels,
      float gradientScale,
      Tensor dOutputs,
      Tensor outcome);

  /**
   * Softmax cross-entropy over the outputs.
   *
   * @param smoothing label smoothing, in [0, 1)
   */
  record SoftmaxCrossEntropy(float smoothing) implements Loss {

    /** Checks the smoothing. */
    public SoftmaxCrossEntropy {
      if (!(smoothing >= 0 && smoothing < 1)) {
        throw new IllegalArgumentException(
            "label smoothing is " + smoothing + "; expected in [0, 1)");
      }
    }

    @Override
    public void apply(
        LossOps ops,
        Tensor outputs,
        DeviceBuffer labels,
        float gradientScale,
        Tensor dOutputs,
        Tensor outcome) {
      ops.softmaxCrossEntropy(outputs, labels, smoothing, gradientScale, dOutputs, outcome);
    }
  }

  /** Mean squared error against one-hot targets. */
  record MeanSquaredError() implements Loss {

    @Override
    public void apply(
        LossOps ops,
        Tensor outputs,
        DeviceBuffer labels,
        float gradientScale,
        Tensor dOutputs,
        Tensor outcome) {
      ops.squaredError(outputs, labels, gradientScale, dOutputs, outcome);
    }
  }
}
