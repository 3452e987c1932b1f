/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cuda;

import org.espalier.backend.DenseProducts;
import org.espalier.backend.Epilogue;
import org.espalier.sparse.Taps;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.Tensor;

/** Dense products as commands. */
final class CudaDenseProducts implements DenseProducts {

  private final Encoder encoder;

  CudaDenseProducts(Encoder encoder) {
    this.encoder = encoder;
  }

  @Override
  public void gemm(
      DeviceBuffer weights, Taps taps, DeviceBuffer bias, Tensor x, Tensor y, Epilogue epilogue) {
    Encoder.shape(x, x.rows(), y.positions());
    encoder
        .begin(Opcode.GEMM)
        .floats(weights, (long) y.rows() * x.rows())
        .floatsOrNone(bias, y.rows())
        .rows(x)
        .rows(y)
        .epilogue(epilogue, y)
        .end();
  }

  @Override
  public void gemmTransposed(
      DeviceBuffer weights, Taps taps, Tensor dy, Tensor dx, Epilogue epilogue) {
    Encoder.shape(dy, dy.rows(), dx.positions());
    encoder
        .begin(Opcode.GEMM_TRANSPOSED)
        .floats(weights, (long) dy.rows() * dx.rows())
        .rows(dy)
        .rows(dx)
        .epilogue(epilogue, dx)
        .end();
  }

  @Override
  public void gemmGradient(Taps taps, Tensor x, Tensor dy, DeviceBuffer gradient) {
    Encoder.shape(x, x.rows(), dy.positions());
    encoder
        .begin(Opcode.GEMM_GRADIENT)
        .rows(x)
        .rows(dy)
        .floats(gradient, (long) dy.rows() * x.rows())
        .end();
  }
}
