/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend.scalar;

import static org.espalier.backend.host.HostBuffer.floats;
import static org.espalier.backend.host.HostBuffer.ints;
import static org.espalier.backend.host.HostBuffer.start;

import org.espalier.backend.LossOps;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.Tensor;

/** Losses, one position at a time. */
final class ScalarLossOps implements LossOps {

  @Override
  public void softmaxCrossEntropy(
      Tensor logits,
      DeviceBuffer labels,
      float smoothing,
      float gradientScale,
      Tensor dLogits,
      Tensor outcome) {
    int classes = logits.rows();
    for (int p = 0; p < logits.positions(); p++) {
      int label = ints(labels)[p];
      int best = argmax(logits, p);
      double max = get(logits, best, p);
      double sum = 0;
      for (int c = 0; c < classes; c++) {
        sum += Math.exp(get(logits, c, p) - max);
      }
      double logSum = max + Math.log(sum);
      double loss = 0;
      for (int c = 0; c < classes; c++) {
        double target = (c == label ? 1 - (double) smoothing : 0) + (double) smoothing / classes;
        double logProbability = get(logits, c, p) - logSum;
        loss -= target * logProbability;
        if (dLogits != null) {
          set(dLogits, c, p, gradientScale * (Math.exp(logProbability) - target));
        }
      }
      set(outcome, 0, p, loss);
      set(outcome, 1, p, best == label ? 1 : 0);
    }
  }

  @Override
  public void squaredError(
      Tensor outputs, DeviceBuffer labels, float gradientScale, Tensor dOutputs, Tensor outcome) {
    int classes = outputs.rows();
    for (int p = 0; p < outputs.positions(); p++) {
      int label = ints(labels)[p];
      int best = argmax(outputs, p);
      double loss = 0;
      for (int c = 0; c < classes; c++) {
        double error = get(outputs, c, p) - (c == label ? 1.0 : 0.0);
        loss += error * error;
        if (dOutputs != null) {
          set(dOutputs, c, p, gradientScale * 2.0 / classes * error);
        }
      }
      set(outcome, 0, p, loss / classes);
      set(outcome, 1, p, best == label ? 1 : 0);
    }
  }

  private static int argmax(Tensor tensor, int position) {
    int best = 0;
    for (int c = 1; c < tensor.rows(); c++) {
      if (get(tensor, c, position) > get(tensor, best, position)) {
        best = c;
      }
    }
    return best;
  }

  private static float get(Tensor tensor, int row, int position) {
    return floats(tensor.buffer())[start(tensor) + row * tensor.stride() + position];
  }

  private static void set(Tensor tensor, int row, int position, double value) {
    floats(tensor.buffer())[start(tensor) + row * tensor.stride() + position] = (float) value;
  }
}
