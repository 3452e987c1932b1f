/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend;

import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.Tensor;

/**
 * The three products of a dense layer; weights are row-major, element {@code (r, c)} at {@code r *
 * columns + c}. With M rows, K columns and n positions each costs {@code 2 M K n} flops.
 */
public interface DenseProducts {

  /**
   * Forward: {@code Y[r,p] = f(bias[r] + sum over c of W[r,c] * X[c,p])}, where f is the epilogue.
   *
   * @param weights M * K floats
   * @param bias M floats, or null for none
   * @param x K x n
   * @param y M x n, overwritten; must not overlap x
   */
  void gemm(DeviceBuffer weights, DeviceBuffer bias, Tensor x, Tensor y, Epilogue epilogue);

  /**
   * Input gradient: {@code dX[c,p] = f(sum over r of W[r,c] * dY[r,p])}, where f is the epilogue.
   *
   * @param dy M x n
   * @param dx K x n, overwritten; must not overlap dy
   */
  void gemmTransposed(DeviceBuffer weights, Tensor dy, Tensor dx, Epilogue epilogue);

  /**
   * Weight gradient: {@code gradient[r,c] = sum over p of dY[r,p] * X[c,p]}.
   *
   * @param gradient M * K floats, overwritten
   */
  void gemmGradient(Tensor x, Tensor dy, DeviceBuffer gradient);
}
