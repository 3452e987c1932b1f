/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend;

import org.espalier.sparse.CsrMatrix;
import org.espalier.sparse.SparseWeights;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.Tensor;

/**
 * The three products of a sparse layer. With W of shape M x K and n positions each costs {@code 2
 * nnz n} flops; nothing of size M x K is ever formed.
 *
 * <p>The input gradient is {@link #spmm} over the transposed copy.
 */
public interface SparseProducts {

  /**
   * SpMM: {@code Y[r,p] = f(bias[r] + sum over entries k of row r of values[k] * X[column[k],p])},
   * where f is the epilogue.
   *
   * <p>Bytes: 8 nnz for the weights, 4 nnz n read from X (cache), 4 M n written.
   *
   * @param weights M x K
   * @param bias M floats, or null for none
   * @param x K x n
   * @param y M x n, overwritten; must not overlap x
   */
  void spmm(CsrMatrix weights, DeviceBuffer bias, Tensor x, Tensor y, Epilogue epilogue);

  /**
   * SDDMM, the weight gradient at the connections only: {@code gradient[k] = sum over p of
   * dY[row[k],p] * X[column[k],p]}, and with it the bias gradient {@code biasGradient[r] = sum over
   * p of dY[r,p]}.
   *
   * @param pattern M x K; its values are not read
   * @param x K x n
   * @param dy M x n
   * @param gradient at least nnz floats, overwritten
   * @param biasGradient M floats, overwritten, or null if not wanted
   */
  void sddmm(
      CsrMatrix pattern, Tensor x, Tensor dy, DeviceBuffer gradient, DeviceBuffer biasGradient);

  /**
   * SDDMM fused with the optimizer: a step of {@link UpdateOps#sgd} with the gradient of {@link
   * #sddmm}, which is never stored. The new values go to the transposed copy too, if there is one,
   * so the input gradient has to be computed before.
   *
   * @param weights M x K
   * @param x K x n
   * @param dy M x n
   * @param velocity nnz floats, or null when momentum is 0
   * @param biasGradient M floats, overwritten, or null if not wanted
   */
  void sddmmSgd(
      SparseWeights weights,
      Tensor x,
      Tensor dy,
      DeviceBuffer velocity,
      DeviceBuffer biasGradient,
      SgdRule rule,
      float learningRate);
}
