/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cuda;

import org.espalier.backend.LossOps;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.ElementType;
import org.espalier.tensor.Tensor;

/** Losses as commands. */
final class CudaLossOps implements LossOps {

  private final Encoder encoder;

  CudaLossOps(Encoder encoder) {
    this.encoder = encoder;
  }

  @Override
  public void softmaxCrossEntropy(
      Tensor logits,
      DeviceBuffer labels,
      float smoothing,
      float gradientScale,
      Tensor dLogits,
      Tensor outcome) {
    shapes(logits, dLogits, outcome);
    encoder
        .begin(Opcode.CROSS_ENTROPY)
        .rows(logits)
        .array(labels, ElementType.INT32, logits.positions())
        .put(smoothing)
        .put(gradientScale)
        .rowsOrNone(dLogits)
        .rows(outcome)
        .end();
  }

  @Override
  public void squaredError(
      Tensor outputs, DeviceBuffer labels, float gradientScale, Tensor dOutputs, Tensor outcome) {
    shapes(outputs, dOutputs, outcome);
    encoder
        .begin(Opcode.SQUARED_ERROR)
        .rows(outputs)
        .array(labels, ElementType.INT32, outputs.positions())
        .put(gradientScale)
        .rowsOrNone(dOutputs)
        .rows(outcome)
        .end();
  }

  private static void shapes(Tensor outputs, Tensor gradient, Tensor outcome) {
    Encoder.shape(outcome, 2, outputs.positions());
    if (gradient != null) {
      Encoder.sameShape(outputs, gradient);
    }
  }
}
