/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import static org.espalier.backend.host.HostBuffer.floats;

import org.espalier.backend.DenseProducts;
import org.espalier.backend.Epilogue;
import org.espalier.backend.host.WorkerPool;
import org.espalier.sparse.Taps;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.Tensor;

/** Dense products in register tiles. */
final class VectorDenseProducts implements DenseProducts {

  private final GemmKernel gemm;
  private final ConvolutionKernel convolutions;
  private final GemmDotsKernel dots;
  private final GemmOuterKernel outer;

  VectorDenseProducts(WorkerPool pool) {
    this.gemm = new GemmKernel(pool);
    this.convolutions = new ConvolutionKernel(pool);
    this.dots = new GemmDotsKernel(pool);
    this.outer = new GemmOuterKernel(pool);
  }

  @Override
  public void gemm(
      DeviceBuffer weights, Taps taps, DeviceBuffer bias, Tensor x, Tensor y, Epilogue epilogue) {
    if (taps.isNone()) {
      gemm.run(floats(weights), false, bias, x, y, epilogue);
    } else {
      convolutions.forward(floats(weights), taps, bias, x, y, epilogue);
    }
  }

  @Override
  public void gemmTransposed(
      DeviceBuffer weights, Taps taps, Tensor dy, Tensor dx, Epilogue epilogue) {
    if (taps.isNone()) {
      gemm.run(floats(weights), true, null, dy, dx, epilogue);
    } else {
      convolutions.transposed(floats(weights), taps, dy, dx, epilogue);
    }
  }

  @Override
  public void gemmGradient(Taps taps, Tensor x, Tensor dy, DeviceBuffer gradient) {
    if (dy.rows() < GemmOuterKernel.LEAST_ROWS) {
      dots.run(taps, x, dy, gradient);
    } else {
      outer.run(taps, x, dy, gradient);
    }
  }
}
