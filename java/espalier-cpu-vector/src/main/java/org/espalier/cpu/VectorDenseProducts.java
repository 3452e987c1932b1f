/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import org.espalier.backend.DenseProducts;
import org.espalier.backend.Epilogue;
import org.espalier.backend.host.WorkerPool;
import org.espalier.sparse.Taps;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.Tensor;

/** Dense products in register tiles. */
final class VectorDenseProducts implements DenseProducts {

  private final GemmKernel gemm;
  private final GemmGradientKernel gradients;

  VectorDenseProducts(WorkerPool pool) {
    this.gemm = new GemmKernel(pool);
    this.gradients = new GemmGradientKernel(pool);
  }

  @Override
  public void gemm(
      DeviceBuffer weights, Taps taps, DeviceBuffer bias, Tensor x, Tensor y, Epilogue epilogue) {
    gemm.run(weights, false, bias, x, y, epilogue);
  }

  @Override
  public void gemmTransposed(
      DeviceBuffer weights, Taps taps, Tensor dy, Tensor dx, Epilogue epilogue) {
    gemm.run(weights, true, null, dy, dx, epilogue);
  }

  @Override
  public void gemmGradient(Taps taps, Tensor x, Tensor dy, DeviceBuffer gradient) {
    gradients.run(x, dy, gradient);
  }
}
