/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import org.espalier.backend.Epilogue;
import org.espalier.backend.SgdRule;
import org.espalier.backend.SparseProducts;
import org.espalier.backend.host.WorkerPool;
import org.espalier.sparse.CsrMatrix;
import org.espalier.sparse.SparseWeights;
import org.espalier.sparse.Taps;
import org.espalier.sparse.TransposedCopy;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.Tensor;

/** Sparse products in vectors over the positions. */
final class VectorSparseProducts implements SparseProducts {

  private final SpmmKernel spmm;
  private final SddmmKernel sddmm;
  private final GemmKernel gemm;
  private final ConvolutionKernel convolutions;
  private final DenseTwins twins;

  VectorSparseProducts(WorkerPool pool, DenseTwins twins, SyncKernel sync) {
    ReadIndexes indexes = new ReadIndexes(pool);
    this.spmm = new SpmmKernel(pool, indexes);
    this.sddmm = new SddmmKernel(pool, sync);
    this.gemm = new GemmKernel(pool);
    this.convolutions = new ConvolutionKernel(pool);
    this.twins = twins;
  }

  @Override
  public void spmm(CsrMatrix weights, DeviceBuffer bias, Tensor x, Tensor y, Epilogue epilogue) {
    DenseTwin twin = twins.of(weights, "forward");
    if (twin == null) {
      spmm.run(weights, bias, x, y, epilogue);
      return;
    }
    if (twins.begin(twin)) {
      dense(twin, weights, bias, x, y, epilogue);
    } else {
      spmm.run(weights, bias, x, y, epilogue);
    }
    twins.end(twin);
  }

  private void dense(
      DenseTwin twin, CsrMatrix weights, DeviceBuffer bias, Tensor x, Tensor y, Epilogue epilogue) {
    Taps taps = weights.taps();
    if (taps.isNone()) {
      gemm.run(twin.of(weights), false, bias, x, y, epilogue);
    } else {
      convolutions.forward(twin.of(weights), taps, bias, x, y, epilogue);
    }
  }

  @Override
  public void spmmTransposed(TransposedCopy weights, Tensor dy, Tensor dx, Epilogue epilogue) {
    DenseTwin twin = twins.of(weights.csr(), "backward");
    if (twin == null) {
      sparseTransposed(weights, dy, dx, epilogue);
      return;
    }
    if (twins.begin(twin)) {
      denseTransposed(twin, weights, dy, dx, epilogue);
    } else {
      sparseTransposed(weights, dy, dx, epilogue);
    }
    twins.end(twin);
  }

  private void sparseTransposed(TransposedCopy weights, Tensor dy, Tensor dx, Epilogue epilogue) {
    if (weights.taps().isNone()) {
      spmm.run(weights.csr(), null, dy, dx, epilogue);
    } else {
      spmm.runTransposed(weights, dy, dx, epilogue);
    }
  }

  private void denseTransposed(
      DenseTwin twin, TransposedCopy weights, Tensor dy, Tensor dx, Epilogue epilogue) {
    float[] matrix = twin.ofTransposed(weights.csr());
    if (weights.taps().isNone()) {
      gemm.run(matrix, true, null, dy, dx, epilogue);
    } else {
      convolutions.transposed(matrix, weights.taps(), dy, dx, epilogue);
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
