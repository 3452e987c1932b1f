/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cuda;

import org.espalier.backend.Epilogue;
import org.espalier.backend.SgdRule;
import org.espalier.sparse.CsrMatrix;
import org.espalier.sparse.SparseWeights;
import org.espalier.sparse.Taps;
import org.espalier.sparse.TransposedCopy;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.ElementType;
import org.espalier.tensor.Tensor;

/**
 * The products of convolutions, sparse and dense, and their growth by gradient, as commands: what
 * has taps comes here.
 */
final class CudaConvolutions {

  private final Encoder encoder;
  private final TapTables tables;

  CudaConvolutions(Encoder encoder, TapTables tables) {
    this.encoder = encoder;
    this.tables = tables;
  }

  void spmm(CsrMatrix weights, DeviceBuffer bias, Tensor x, Tensor y, Epilogue epilogue) {
    Taps taps = weights.taps();
    checkShapes(weights.rows(), weights.columns(), taps, x, y);
    long table = tables.of(taps, weights.column());
    encoder
        .begin(Opcode.SPMM_TAPS)
        .csr(weights, 0)
        .floatsOrNone(bias, weights.rows())
        .rows(x, taps)
        .rows(y)
        .epilogue(epilogue, y)
        .taps(taps, table)
        .end();
  }

  void spmmTransposed(TransposedCopy weights, Tensor dy, Tensor dx, Epilogue epilogue) {
    Taps taps = weights.taps();
    CsrMatrix csr = weights.csr();
    checkShapes(csr.columns(), csr.rows(), taps, dx, dy);
    long table = tables.of(taps, csr.column());
    encoder
        .begin(Opcode.SPMM_TRANSPOSED_TAPS)
        .csr(csr, 0)
        .rows(dy, taps)
        .rows(dx)
        .epilogue(epilogue, dx)
        .taps(taps, table)
        .end();
  }

  void sddmm(
      CsrMatrix pattern, Tensor x, Tensor dy, DeviceBuffer gradient, DeviceBuffer biasGradient) {
    Taps taps = pattern.taps();
    checkShapes(pattern.rows(), pattern.columns(), taps, x, dy);
    long table = tables.of(taps, pattern.column());
    encoder
        .begin(Opcode.SDDMM_TAPS)
        .csr(pattern, 0)
        .rows(x, taps)
        .rows(dy)
        .floats(gradient, pattern.nnz())
        .floatsOrNone(biasGradient, pattern.rows())
        .taps(taps, table)
        .end();
  }

  void sddmmSgd(
      SparseWeights weights,
      Tensor x,
      Tensor dy,
      DeviceBuffer velocity,
      DeviceBuffer biasGradient,
      SgdRule rule,
      float learningRate) {
    CsrMatrix csr = weights.csr();
    Taps taps = csr.taps();
    checkShapes(csr.rows(), csr.columns(), taps, x, dy);
    long table = tables.of(taps, csr.column());
    encoder
        .begin(Opcode.SDDMM_SGD_TAPS)
        .csr(csr, 0)
        .rows(x, taps)
        .rows(dy)
        .floatsOrNone(velocity, csr.nnz())
        .floatsOrNone(biasGradient, csr.rows())
        .transposed(weights)
        .rule(rule, learningRate, 1)
        .taps(taps, table)
        .end();
  }

  void gemm(
      DeviceBuffer weights, Taps taps, DeviceBuffer bias, Tensor x, Tensor y, Epilogue epilogue) {
    int columns = columns(taps, x);
    checkShapes(y.rows(), columns, taps, x, y);
    long table = tables.of(taps, weights);
    encoder
        .begin(Opcode.GEMM_TAPS)
        .floats(weights, (long) y.rows() * columns)
        .floatsOrNone(bias, y.rows())
        .rows(x, taps)
        .rows(y)
        .epilogue(epilogue, y)
        .taps(taps, table)
        .end();
  }

  void gemmTransposed(DeviceBuffer weights, Taps taps, Tensor dy, Tensor dx, Epilogue epilogue) {
    int columns = columns(taps, dx);
    checkShapes(dy.rows(), columns, taps, dx, dy);
    long table = tables.of(taps, weights);
    encoder
        .begin(Opcode.GEMM_TRANSPOSED_TAPS)
        .floats(weights, (long) dy.rows() * columns)
        .rows(dy, taps)
        .rows(dx)
        .epilogue(epilogue, dx)
        .taps(taps, table)
        .end();
  }

  void gemmGradient(Taps taps, Tensor x, Tensor dy, DeviceBuffer gradient) {
    int columns = columns(taps, x);
    checkShapes(dy.rows(), columns, taps, x, dy);
    long table = tables.of(taps, gradient);
    encoder
        .begin(Opcode.GEMM_GRADIENT_TAPS)
        .rows(x, taps)
        .rows(dy)
        .floats(gradient, (long) dy.rows() * columns)
        .taps(taps, table)
        .end();
  }

  void growGradient(
      CsrMatrix weights,
      DeviceBuffer keep,
      int kept,
      Tensor x,
      Tensor dy,
      int count,
      DeviceBuffer positions) {
    Taps taps = weights.taps();
    checkShapes(weights.rows(), weights.columns(), taps, x, dy);
    long table = tables.of(taps, weights.column());
    encoder
        .begin(Opcode.GROW_GRADIENT_TAPS)
        .csr(weights, 0)
        .array(keep, ElementType.INT32, weights.nnz())
        .put((long) kept)
        .rows(x, taps)
        .rows(dy)
        .put((long) count)
        .array(positions, ElementType.INT64, count)
        .taps(taps, table)
        .end();
  }

  /** Returns the columns of dense weights that read this input. */
  private static int columns(Taps taps, Tensor x) {
    return Math.multiplyExact(x.rows() / taps.phases().size(), taps.count());
  }

  /** Refuses tensors of another shape than that of weights of so many rows and columns. */
  private static void checkShapes(int rows, int columns, Taps taps, Tensor x, Tensor y) {
    Encoder.shape(x, columns / taps.count() * taps.phases().size(), y.positions());
    Encoder.shape(y, rows, x.positions());
    taps.output().images(y); // refuses parts of images
  }
}
