/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import org.espalier.backend.LossOps;
import org.espalier.backend.host.WorkerPool;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.Tensor;

/** Losses in vectors over the positions. */
final class VectorLossOps implements LossOps {

  private final CrossEntropyKernel crossEntropy;
  private final SquaredErrorKernel squaredError;

  VectorLossOps(WorkerPool pool) {
    this.crossEntropy = new CrossEntropyKernel(pool);
    this.squaredError = new SquaredErrorKernel(pool);
  }

  @Override
  public void softmaxCrossEntropy(
      Tensor logits,
      DeviceBuffer labels,
      float smoothing,
      float gradientScale,
      Tensor dLogits,
      Tensor outcome) {
    crossEntropy.run(logits, labels, smoothing, gradientScale, dLogits, outcome);
  }

  @Override
  public void squaredError(
      Tensor outputs, DeviceBuffer labels, float gradientScale, Tensor dOutputs, Tensor outcome) {
    squaredError.run(outputs, labels, gradientScale, dOutputs, outcome);
  }
}
