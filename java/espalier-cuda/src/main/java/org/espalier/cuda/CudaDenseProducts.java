/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cuda;

import org.espalier.backend.DenseProducts;
import org.espalier.backend.Epilogue;
import org.espalier.sparse.Taps;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.Tensor;

/** Dense products as commands; those of convolutions have kernels of their own. */
final class CudaDenseProducts implements DenseProducts {

  private final Encoder encoder;
  private final CudaConvolutions convolutions;

  CudaDenseProducts(Encoder encoder, CudaConvolutions convolutions) {
    this.encoder = encoder;
    this.convolutions = convolutions;
  }

  @Override
  public void gemm(
      DeviceBuffer weights, Taps taps, DeviceBuffer bias, Tensor x, Tensor y, Epilogue epilogue) {
    if (!taps.isNone()) {
      convolutions.gemm(weights, taps, bias, x, y, epilogue);
      return;
    }
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
    if (!taps.isNone()) {
      convolutions.gemmTransposed(weights, taps, dy, dx, epilogue);
      return;
    }
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
    if (!taps.isNone()) {
      convolutions.gemmGradient(taps, x, dy, gradient);
      return;
    }
    Encoder.shape(x, x.rows(), dy.positions());
    encoder
        .begin(Opcode.GEMM_GRADIENT)
        .rows(x)
        .rows(dy)
        .floats(gradient, (long) dy.rows() * x.rows())
        .end();
  }
}
