/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend;

import org.espalier.sparse.Taps;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.Tensor;

/**
 * The three products of a dense layer; weights are row-major, element {@code (r, c)} at {@code r *
 * columns + c}. With M rows, K columns and n positions each costs {@code 2 M K n} flops. Columns
 * read the input by taps as in {@link SparseProducts}.
 */
public interface DenseProducts {

  /**
   * Forward: {@code Y[r,p] = f(bias[r] + sum over c of W[r,c] * tap[c,p])}, where f is the
   * epilogue.
   *
   * @param weights M * K floats
   * @param bias M floats, or null for none
   * @param x K x n; with a kernel, channels times phases x n
   * @param y M x n, overwritten; must not overlap x
   */
  void gemm(
      DeviceBuffer weights, Taps taps, DeviceBuffer bias, Tensor x, Tensor y, Epilogue epilogue);

  /**
   * Input gradient: {@code dX[row(c), p + shift(c)]} is the sum over the columns c that read it,
   * and over r, of {@code W[r,c] * dY[r,p]}; then the epilogue.
   *
   * @param dy M x n
   * @param dx of the shape of the layer's input, overwritten; must not overlap dy
   */
  void gemmTransposed(DeviceBuffer weights, Taps taps, Tensor dy, Tensor dx, Epilogue epilogue);

  /**
   * Weight gradient: {@code gradient[r,c] = sum over p of dY[r,p] * tap[c,p]}.
   *
   * @param gradient M * K floats, overwritten
   */
  void gemmGradient(Taps taps, Tensor x, Tensor dy, DeviceBuffer gradient);
}
