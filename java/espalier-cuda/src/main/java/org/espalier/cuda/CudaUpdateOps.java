/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cuda;

import org.espalier.backend.SgdRule;
import org.espalier.backend.UpdateOps;
import org.espalier.sparse.SparseWeights;
import org.espalier.sparse.TransposedCopy;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.ElementType;

/** Operations of optimizers as commands. */
final class CudaUpdateOps implements UpdateOps {

  private final CommandQueue queue;
  private final Encoder encoder;

  CudaUpdateOps(CommandQueue queue, Encoder encoder) {
    this.queue = queue;
    this.encoder = encoder;
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
    encoder
        .begin(Opcode.SGD)
        .floats(values, n)
        .floats(gradient, n)
        .floatsOrNone(velocity, n)
        .put(n)
        .rule(rule, learningRate, gradientScale)
        .end();
  }

  @Override
  public double sumOfSquares(DeviceBuffer values, long n) {
    return Double.longBitsToDouble(
        queue.wordOf(
            result ->
                encoder.begin(Opcode.SUM_OF_SQUARES).floats(values, n).put(n).put(result).end()));
  }

  @Override
  public void syncTransposed(SparseWeights weights) {
    if (weights.transposed().isPresent()) {
      TransposedCopy copy = weights.transposed().get();
      int nnz = weights.csr().nnz();
      encoder
          .begin(Opcode.SYNC_TRANSPOSED)
          .floats(weights.csr().values(), nnz)
          .floats(copy.csr().values(), nnz)
          .array(copy.slot(), ElementType.INT32, nnz)
          .put((long) nnz)
          .end();
    }
  }
}
