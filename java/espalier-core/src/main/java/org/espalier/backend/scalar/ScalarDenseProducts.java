/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend.scalar;

import static org.espalier.backend.host.HostBuffer.BASE;
import static org.espalier.backend.host.HostBuffer.floats;
import static org.espalier.backend.host.HostBuffer.start;

import org.espalier.backend.DenseProducts;
import org.espalier.backend.Epilogue;
import org.espalier.backend.RowOps;
import org.espalier.backend.host.Halo;
import org.espalier.sparse.Taps;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.Tensor;

/** Dense products, one output element at a time. */
final class ScalarDenseProducts implements DenseProducts {

  private final RowOps rows;

  ScalarDenseProducts(RowOps rows) {
    this.rows = rows;
  }

  @Override
  public void gemm(
      DeviceBuffer weights, Taps taps, DeviceBuffer bias, Tensor x, Tensor y, Epilogue epilogue) {
    float[] w = floats(weights);
    TapReader reader = TapReader.ofInput(taps, x);
    int columns = TapReader.columns(taps, x);
    for (int r = 0; r < y.rows(); r++) {
      float b = bias == null ? 0 : floats(bias)[BASE + r];
      for (int p = 0; p < y.positions(); p++) {
        double sum = b;
        for (int c = 0; c < columns; c++) {
          sum += w[BASE + r * columns + c] * reader.input(c, p);
        }
        floats(y.buffer())[start(y) + r * y.stride() + p] = (float) sum;
      }
    }
    rows.finish(epilogue, y);
    Halo.clear(y, taps.output());
  }

  @Override
  public void gemmTransposed(
      DeviceBuffer weights, Taps taps, Tensor dy, Tensor dx, Epilogue epilogue) {
    float[] w = floats(weights);
    TapReader reader = TapReader.ofOutput(taps, dy);
    int columns = TapReader.columns(taps, dx);
    int phases = taps.phases().size();
    for (int q = 0; q < dx.rows(); q++) {
      int end = taps.firstTap(q % phases + 1);
      for (int p = 0; p < dx.positions(); p++) {
        double sum = 0;
        for (int tap = taps.firstTap(q % phases); tap < end; tap++) {
          int c = q / phases * taps.count() + tap;
          for (int r = 0; r < dy.rows(); r++) {
            sum += w[BASE + r * columns + c] * reader.output(r, tap, p);
          }
        }
        floats(dx.buffer())[start(dx) + q * dx.stride() + p] = (float) sum;
      }
    }
    rows.finish(epilogue, dx);
    Halo.clear(dx, taps.input());
  }

  @Override
  public void gemmGradient(Taps taps, Tensor x, Tensor dy, DeviceBuffer gradient) {
    float[] dOut = floats(dy.buffer());
    TapReader reader = TapReader.ofInput(taps, x);
    boolean[] isOutput = TapReader.pixels(dy, taps.output());
    int columns = TapReader.columns(taps, x);
    for (int r = 0; r < dy.rows(); r++) {
      for (int c = 0; c < columns; c++) {
        double sum = 0;
        for (int p = 0; p < dy.positions(); p++) {
          if (isOutput[p]) {
            sum += dOut[start(dy) + r * dy.stride() + p] * reader.input(c, p);
          }
        }
        floats(gradient)[BASE + r * columns + c] = (float) sum;
      }
    }
  }
}
