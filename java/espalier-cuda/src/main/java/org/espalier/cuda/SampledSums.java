/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cuda;

import org.espalier.backend.Memory;
import org.espalier.sparse.CsrMatrix;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.Tensor;

/**
 * Sums of a sparse product, in double precision on the host, for a sample of its results: what a
 * kernel is checked against before it is trusted with a shape. An error is counted in units of
 * {@code 2^-24 * magnitude * length}, magnitude being that of the largest term and length the
 * number of terms.
 */
final class SampledSums {

  private static final double ROUNDOFF = 0x1p-24;

  /** Rows looked at, spread over the matrix; of each all its connections. */
  private static final int ROWS = 16;

  /** Positions looked at. */
  private static final int POSITIONS = 3;

  private final Memory memory;
  private final CsrMatrix csr;
  private final Tensor x;
  private final int[] rowStart;
  private final int[] column;
  private final float[] xs;

  /** Reads the operands that both products have. */
  SampledSums(Memory memory, CsrMatrix csr, Tensor x) {
    this.memory = memory;
    this.csr = csr;
    this.x = x;
    this.rowStart = memory.ints(csr.rowStart(), csr.rows() + 1);
    this.column = memory.ints(csr.column(), csr.nnz());
    this.xs = read(x);
  }

  private float[] read(Tensor tensor) {
    float[] values = new float[Math.multiplyExact(tensor.rows(), tensor.stride())];
    memory.download(tensor.buffer(), tensor.offset(), values, 0, values.length);
    return values;
  }

  private int row(int sample) {
    return (int) ((long) sample * csr.rows() / Math.min(ROWS, csr.rows()));
  }

  private int samples() {
    return Math.min(ROWS, csr.rows());
  }

  /** Returns the largest error of {@code Y = W X}. */
  double spmmError(Tensor y) {
    float[] values = memory.floats(csr.values(), csr.nnz());
    float[] out = new float[y.positions()];
    double worst = 0;
    for (int sample = 0; sample < samples(); sample++) {
      int row = row(sample);
      memory.download(y.buffer(), y.offset() + (long) row * y.stride(), out, 0, out.length);
      for (int i = 0; i < Math.min(POSITIONS, out.length); i++) {
        int p =
            (int) ((long) i * (out.length - 1) / Math.max(1, Math.min(POSITIONS, out.length) - 1));
        double sum = 0;
        double magnitude = 0;
        for (int k = rowStart[row]; k < rowStart[row + 1]; k++) {
          double term = (double) values[k] * xs[column[k] * x.stride() + p];
          sum += term;
          magnitude = Math.max(magnitude, Math.abs(term));
        }
        worst = worse(worst, out[p], sum, magnitude, rowStart[row + 1] - rowStart[row]);
      }
    }
    return worst;
  }

  /** Returns the largest error of the gradients of the connections. */
  double sddmmError(Tensor dy, DeviceBuffer gradient) {
    float[] gradients = memory.floats(gradient, csr.nnz());
    float[] dys = new float[dy.positions()];
    double worst = 0;
    for (int sample = 0; sample < samples(); sample++) {
      int row = row(sample);
      memory.download(dy.buffer(), dy.offset() + (long) row * dy.stride(), dys, 0, dys.length);
      for (int k = rowStart[row]; k < rowStart[row + 1]; k++) {
        double sum = 0;
        double magnitude = 0;
        for (int p = 0; p < dys.length; p++) {
          double term = (double) dys[p] * xs[column[k] * x.stride() + p];
          sum += term;
          magnitude = Math.max(magnitude, Math.abs(term));
        }
        worst = worse(worst, gradients[k], sum, magnitude, dys.length);
      }
    }
    return worst;
  }

  private static double worse(double worst, float is, double should, double magnitude, int length) {
    double unit = ROUNDOFF * magnitude * Math.max(1, length);
    double error = is == should ? 0 : Math.abs(is - should) / unit;
    return Double.isNaN(error) || error > worst ? error : worst;
  }
}
