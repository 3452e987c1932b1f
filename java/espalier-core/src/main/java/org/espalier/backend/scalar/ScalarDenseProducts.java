/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend.scalar;

import static org.espalier.backend.host.HostBuffer.BASE;
import static org.espalier.backend.host.HostBuffer.floats;
import static org.espalier.backend.host.HostBuffer.start;

import org.espalier.backend.DenseProducts;
import org.espalier.backend.Epilogue;
import org.espalier.backend.RowOps;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.Tensor;

/** Dense products, one output element at a time. */
final class ScalarDenseProducts implements DenseProducts {

  private final RowOps rows;

  ScalarDenseProducts(RowOps rows) {
    this.rows = rows;
  }

  @Override
  public void gemm(DeviceBuffer weights, DeviceBuffer bias, Tensor x, Tensor y, Epilogue epilogue) {
    float[] w = floats(weights);
    float[] in = floats(x.buffer());
    float[] out = floats(y.buffer());
    for (int r = 0; r < y.rows(); r++) {
      float b = bias == null ? 0 : floats(bias)[BASE + r];
      for (int p = 0; p < y.positions(); p++) {
        double sum = b;
        for (int c = 0; c < x.rows(); c++) {
          sum += (double) w[BASE + r * x.rows() + c] * in[start(x) + c * x.stride() + p];
        }
        out[start(y) + r * y.stride() + p] = (float) sum;
      }
    }
    rows.finish(epilogue, y);
  }

  @Override
  public void gemmTransposed(DeviceBuffer weights, Tensor dy, Tensor dx, Epilogue epilogue) {
    float[] w = floats(weights);
    float[] dOut = floats(dy.buffer());
    float[] dIn = floats(dx.buffer());
    for (int c = 0; c < dx.rows(); c++) {
      for (int p = 0; p < dx.positions(); p++) {
        double sum = 0;
        for (int r = 0; r < dy.rows(); r++) {
          sum += (double) w[BASE + r * dx.rows() + c] * dOut[start(dy) + r * dy.stride() + p];
        }
        dIn[start(dx) + c * dx.stride() + p] = (float) sum;
      }
    }
    rows.finish(epilogue, dx);
  }

  @Override
  public void gemmGradient(Tensor x, Tensor dy, DeviceBuffer gradient) {
    float[] in = floats(x.buffer());
    float[] dOut = floats(dy.buffer());
    for (int r = 0; r < dy.rows(); r++) {
      for (int c = 0; c < x.rows(); c++) {
        double sum = 0;
        for (int p = 0; p < dy.positions(); p++) {
          sum += (double) dOut[start(dy) + r * dy.stride() + p] * in[start(x) + c * x.stride() + p];
        }
        floats(gradient)[BASE + r * x.rows() + c] = (float) sum;
      }
    }
  }
}
