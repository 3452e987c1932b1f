/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import org.espalier.backend.Epilogue;
import org.espalier.backend.SgdRule;
import org.espalier.backend.SparseProducts;
import org.espalier.backend.host.WorkerPool;
import org.espalier.sparse.CsrMatrix;
import org.espalier.sparse.SparseWeights;
import org.espalier.sparse.TransposedCopy;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.Tensor;

/** Sparse products in vectors over the positions. */
final class VectorSparseProducts implements SparseProducts {

  private final SpmmKernel spmm;
  private final SddmmKernel sddmm;

  VectorSparseProducts(WorkerPool pool) {
    TapIndexes indexes = new TapIndexes();
    this.spmm = new SpmmKernel(pool, indexes);
    this.sddmm = new SddmmKernel(pool, indexes);
  }

  @Override
  public void spmm(CsrMatrix weights, DeviceBuffer bias, Tensor x, Tensor y, Epilogue epilogue) {
    spmm.run(weights, bias, x, y, epilogue);
  }

  @Override
  public void spmmTransposed(TransposedCopy weights, Tensor dy, Tensor dx, Epilogue epilogue) {
    if (weights.taps().isNone()) {
      spmm.run(weights.csr(), null, dy, dx, epilogue);
    } else {
      spmm.runTransposed(weights, dy, dx, epilogue);
    }
  }

  @Override
  public void sddmm(
      CsrMatrix pattern, Tensor x, Tensor dy, DeviceBuffer gradient, DeviceBuffer biasGradient) {
    sddmm.run(pattern, x, dy, gradient, biasGradient);
  }

  @Override
  public void sddmmSgd(
      SparseWeights weights,
      Tensor x,
      Tensor dy,
      DeviceBuffer velocity,
      DeviceBuffer biasGradient,
      SgdRule rule,
      float learningRate) {
    sddmm.step(weights, x, dy, velocity, biasGradient, rule, learningRate);
  }
}
