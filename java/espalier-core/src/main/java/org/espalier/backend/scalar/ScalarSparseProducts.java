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
import org.espalier.sparse.CsrMatrix;
import org.espalier.sparse.SparseWeights;
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
    float[] in = floats(x.buffer());
    float[] out = floats(y.buffer());
    for (int r = 0; r < weights.rows(); r++) {
      float b = bias == null ? 0 : floats(bias)[BASE + r];
      for (int p = 0; p < y.positions(); p++) {
        double sum = b;
        for (int k = rowStart[r]; k < rowStart[r + 1]; k++) {
          sum += (double) values[BASE + k] * in[start(x) + column[k] * x.stride() + p];
        }
        out[start(y) + r * y.stride() + p] = (float) sum;
      }
    }
    rows.finish(epilogue, y);
  }

  @Override
  public void sddmm(
      CsrMatrix pattern, Tensor x, Tensor dy, DeviceBuffer gradient, DeviceBuffer biasGradient) {
    int[] rowStart = ints(pattern.rowStart());
    int[] column = ints(pattern.column());
    float[] in = floats(x.buffer());
    float[] dOut = floats(dy.buffer());
    for (int r = 0; r < pattern.rows(); r++) {
      for (int k = rowStart[r]; k < rowStart[r + 1]; k++) {
        double sum = 0;
        for (int p = 0; p < dy.positions(); p++) {
          sum +=
              (double) dOut[start(dy) + r * dy.stride() + p]
                  * in[start(x) + column[k] * x.stride() + p];
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
