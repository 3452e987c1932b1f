/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend;

import org.espalier.sparse.CsrMatrix;
import org.espalier.sparse.SparseWeights;
import org.espalier.sparse.TransposedCopy;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.Tensor;

/**
 * The three products of a sparse layer. With W of shape M x K and n positions each costs {@code 2
 * nnz n} flops; nothing of size M x K is ever formed.
 *
 * <p>Column c of the weights reads {@code tap[c,p]}: for a fully connected layer that is {@code
 * X[c,p]}, in general {@code X[row(c), p + shift(c)]} as the {@link org.espalier.sparse.Taps} of
 * the weights say. With a kernel, tensors hold whole images and their halo is zero, and elements
 * that a tap may reach beyond both ends of X are in the buffer and zero. Results are zero in the
 * halo, and up to the stride.
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
   * @param x K x n; with a kernel, channels times phases x n
   * @param y M x n, overwritten; must not overlap x
   */
  void spmm(CsrMatrix weights, DeviceBuffer bias, Tensor x, Tensor y, Epilogue epilogue);

  /**
   * Input gradient, SpMM with the transposed weights: {@code dX[row(c), p + shift(c)]} is the sum
   * over the columns c that read it, and over their entries k, of {@code values[k] * dY[row[k],p]};
   * then the epilogue.
   *
   * @param dy M x n
   * @param dx of the shape of the layer's input, overwritten; must not overlap dy
   */
  void spmmTransposed(TransposedCopy weights, Tensor dy, Tensor dx, Epilogue epilogue);

  /**
   * SDDMM, the weight gradient at the connections only: {@code gradient[k] = sum over p of
   * dY[row[k],p] * tap[column[k],p]}, and with it the bias gradient {@code biasGradient[r] = sum
   * over p of dY[r,p]}.
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
