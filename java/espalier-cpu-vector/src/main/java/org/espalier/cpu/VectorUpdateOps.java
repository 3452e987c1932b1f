/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import org.espalier.backend.SgdRule;
import org.espalier.backend.UpdateOps;
import org.espalier.backend.host.WorkerPool;
import org.espalier.sparse.SparseWeights;
import org.espalier.tensor.DeviceBuffer;

/** Operations of optimizers as streaming passes over all threads. */
final class VectorUpdateOps implements UpdateOps {

  private final SgdKernel sgd;
  private final SquareSumKernel squareSum;
  private final SyncKernel sync;

  VectorUpdateOps(WorkerPool pool, SyncKernel sync) {
    this.sgd = new SgdKernel(pool);
    this.squareSum = new SquareSumKernel(pool);
    this.sync = sync;
  }

  @Override
  public void sgd(
      DeviceBuffer values,
      DeviceBuffer gradient,
      DeviceBuffer velocity,
      long n,
      SgdRule rule,
      float learningRate,
      float gradientScale) {
    sgd.run(values, gradient, velocity, n, rule, learningRate, gradientScale);
  }

  @Override
  public double sumOfSquares(DeviceBuffer values, long n) {
    return squareSum.run(values, n);
  }

  @Override
  public void syncTransposed(SparseWeights weights) {
    sync.run(weights);
  }
}
