/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend;

import org.espalier.sparse.CsrMatrix;
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
   * SpMM: {@code Y[r,p] = bias[r] + sum over entries k of row r of values[k] * X[column[k],p]}.
   *
   * <p>Bytes: 8 nnz for the weights, 4 nnz n read from X (cache), 4 M n written.
   *
   * @param weights M x K
   * @param bias M floats, or null for none
   * @param x K x n
   * @param y M x n, overwritten; must not overlap x
   */
  void spmm(CsrMatrix weights, DeviceBuffer bias, Tensor x, Tensor y);

  /**
   * SDDMM, the weight gradient at the connections only: {@code gradient[k] = sum over p of
   * dY[row[k],p] * X[column[k],p]}.
   *
   * @param pattern M x K; its values are not read
   * @param x K x n
   * @param dy M x n
   * @param gradient at least nnz floats, overwritten
   */
  void sddmm(CsrMatrix pattern, Tensor x, Tensor dy, DeviceBuffer gradient);
}
