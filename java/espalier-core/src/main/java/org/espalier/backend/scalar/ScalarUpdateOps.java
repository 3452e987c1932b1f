/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend.scalar;

import static org.espalier.backend.host.HostBuffer.BASE;
import static org.espalier.backend.host.HostBuffer.floats;
import static org.espalier.backend.host.HostBuffer.ints;

import org.espalier.backend.SgdRule;
import org.espalier.backend.UpdateOps;
import org.espalier.sparse.SparseWeights;
import org.espalier.tensor.DeviceBuffer;

/** Operations of optimizers, one element at a time. */
final class ScalarUpdateOps implements UpdateOps {

  @Override
  public void sgd(
      DeviceBuffer values,
      DeviceBuffer gradient,
      DeviceBuffer velocity,
      long n,
      SgdRule rule,
      float learningRate,
      float gradientScale) {
    float[] w = floats(values);
    float[] g = floats(gradient);
    for (int i = BASE; i < BASE + n; i++) {
      double direction = (double) gradientScale * g[i] + (double) rule.weightDecay() * w[i];
      if (velocity != null) {
        float[] v = floats(velocity);
        double speed = (double) rule.momentum() * v[i] + direction;
        v[i] = (float) speed;
        direction = rule.nesterov() ? direction + rule.momentum() * speed : speed;
      }
      w[i] = (float) (w[i] - learningRate * direction);
    }
  }

  @Override
  public double sumOfSquares(DeviceBuffer values, long n) {
    double sum = 0;
    for (int i = BASE; i < BASE + n; i++) {
      sum += (double) floats(values)[i] * floats(values)[i];
    }
    return sum;
  }

  @Override
  public void syncTransposed(SparseWeights weights) {
    weights
        .transposed()
        .ifPresent(
            copy -> {
              float[] from = floats(weights.csr().values());
              float[] to = floats(copy.csr().values());
              int[] slot = ints(copy.slot());
              for (int k = 0; k < weights.csr().nnz(); k++) {
                to[BASE + slot[k]] = from[BASE + k];
              }
            });
  }
}
