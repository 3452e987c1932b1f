/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend.scalar;

import static org.espalier.backend.host.HostBuffer.BASE;
import static org.espalier.backend.host.HostBuffer.floats;
import static org.espalier.backend.host.HostBuffer.ints;
import static org.espalier.backend.host.HostBuffer.start;

import org.espalier.backend.Epilogue;
import org.espalier.backend.Memory;
import org.espalier.backend.RowOps;
import org.espalier.backend.SgdRule;
import org.espalier.backend.SparseProducts;
import org.espalier.backend.UpdateOps;
import org.espalier.backend.host.Halo;
import org.espalier.sparse.CsrMatrix;
import org.espalier.sparse.SparseWeights;
import org.espalier.sparse.TransposedCopy;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.ElementType;
import org.espalier.tensor.Tensor;

/** Sparse products, one output element at a time. */
final class ScalarSparseProducts implements SparseProducts {

  private final Memory memory;
  private final RowOps rows;
  private final UpdateOps updates;

  ScalarSparseProducts(Memory memory, RowOps rows, UpdateOps updates) {
    this.memory = memory;
    this.rows = rows;
    this.updates = updates;
  }

  @Override
  public void spmm(CsrMatrix weights, DeviceBuffer bias, Tensor x, Tensor y, Epilogue epilogue) {
    int[] rowStart = ints(weights.rowStart());
    int[] column = ints(weights.column());
    float[] values = floats(weights.values());
    TapReader taps = TapReader.ofInput(weights.taps(), x);
    for (int r = 0; r < weights.rows(); r++) {
      float b = bias == null ? 0 : floats(bias)[BASE + r];
      for (int p = 0; p < y.positions(); p++) {
        double sum = b;
        for (int k = rowStart[r]; k < rowStart[r + 1]; k++) {
          sum += values[BASE + k] * taps.input(column[k], p);
        }
        floats(y.buffer())[start(y) + r * y.stride() + p] = (float) sum;
      }
    }
    rows.finish(epilogue, y);
    Halo.clear(y, weights.taps().output());
  }

  @Override
  public void spmmTransposed(TransposedCopy weights, Tensor dy, Tensor dx, Epilogue epilogue) {
    TapReader taps = TapReader.ofOutput(weights.taps(), dy);
    int phases = weights.taps().phases().size();
    for (int q = 0; q < dx.rows(); q++) {
      for (int p = 0; p < dx.positions(); p++) {
        double sum = 0;
        int end = weights.taps().firstTap(q % phases + 1);
        for (int tap = weights.taps().firstTap(q % phases); tap < end; tap++) {
          sum += sum(weights.csr(), q / phases * weights.taps().count() + tap, taps, tap, p);
        }
        floats(dx.buffer())[start(dx) + q * dx.stride() + p] = (float) sum;
      }
    }
    rows.finish(epilogue, dx);
    Halo.clear(dx, weights.taps().input());
  }

  private static double sum(CsrMatrix csr, int row, TapReader taps, int tap, int p) {
    int[] rowStart = ints(csr.rowStart());
    double sum = 0;
    for (int k = rowStart[row]; k < rowStart[row + 1]; k++) {
      sum += floats(csr.values())[BASE + k] * taps.output(ints(csr.column())[k], tap, p);
    }
    return sum;
  }

  @Override
  public void sddmm(
      CsrMatrix pattern, Tensor x, Tensor dy, DeviceBuffer gradient, DeviceBuffer biasGradient) {
    int[] rowStart = ints(pattern.rowStart());
    int[] column = ints(pattern.column());
    float[] dOut = floats(dy.buffer());
    TapReader taps = TapReader.ofInput(pattern.taps(), x);
    boolean[] isOutput = TapReader.pixels(dy, pattern.taps().output());
    for (int r = 0; r < pattern.rows(); r++) {
      for (int k = rowStart[r]; k < rowStart[r + 1]; k++) {
        double sum = 0;
        for (int p = 0; p < dy.positions(); p++) {
          if (isOutput[p]) {
            sum += dOut[start(dy) + r * dy.stride() + p] * taps.input(column[k], p);
          }
        }
        floats(gradient)[BASE + k] = (float) sum;
      }
    }
    if (biasGradient != null) {
      rows.rowSums(dy, biasGradient);
    }
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
    CsrMatrix csr = weights.csr();
    try (DeviceBuffer gradient = memory.allocate(ElementType.FLOAT32, csr.nnz())) {
      sddmm(csr, x, dy, gradient, biasGradient);
      updates.sgd(csr.values(), gradient, velocity, csr.nnz(), rule, learningRate, 1);
    }
    updates.syncTransposed(weights);
  }
}
