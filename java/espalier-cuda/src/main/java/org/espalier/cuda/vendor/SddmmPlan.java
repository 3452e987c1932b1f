/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cuda.vendor;

import static jcuda.cudaDataType.CUDA_R_32F;
import static jcuda.jcusparse.cusparseOperation.CUSPARSE_OPERATION_NON_TRANSPOSE;
import static jcuda.jcusparse.cusparseOperation.CUSPARSE_OPERATION_TRANSPOSE;
import static jcuda.jcusparse.cusparseSDDMMAlg.CUSPARSE_SDDMM_ALG_DEFAULT;

import jcuda.jcusparse.JCusparse;
import jcuda.jcusparse.cusparseHandle;
import org.espalier.sparse.CsrMatrix;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.Tensor;

/**
 * {@code G = dY X^T} at the connections of one pattern, for one shape. Both operands lie row by
 * row; the second is transposed by its flag, the layout that cuSPARSE's documentation says is the
 * fast one.
 */
final class SddmmPlan implements AutoCloseable {

  private final CusparseHandle cusparse;
  private final String what;
  private final Operands operands;
  private final ExternalBuffer buffer;

  /** Creates the plan with the arrays of the first call. */
  SddmmPlan(
      CusparseHandle cusparse,
      Operands operands,
      ExternalBuffer buffer,
      CsrMatrix pattern,
      Tensor x) {
    this.cusparse = cusparse;
    this.operands = operands;
    this.buffer = buffer;
    this.what =
        "an SDDMM at %d connections of %d x %d and %d positions"
            .formatted(pattern.nnz(), pattern.rows(), pattern.columns(), x.positions());
    cusparse.enqueue(what, this::prepare);
  }

  private void prepare(cusparseHandle handle) {
    long[] bytes = new long[1];
    JCusparse.cusparseSDDMM_bufferSize(
        handle,
        CUSPARSE_OPERATION_NON_TRANSPOSE,
        CUSPARSE_OPERATION_TRANSPOSE,
        cusparse.one,
        operands.y.asConst(),
        operands.x.asConst(),
        cusparse.zero,
        operands.sparse,
        CUDA_R_32F,
        CUSPARSE_SDDMM_ALG_DEFAULT,
        bytes);
    buffer.allocate(bytes[0]);
  }

  /** Enqueues the product; the gradient is overwritten. */
  void run(DeviceBuffer gradient, Tensor x, Tensor dy) {
    operands.pointTo(gradient, x, dy);
    cusparse.enqueue(
        what,
        handle ->
            JCusparse.cusparseSDDMM(
                handle,
                CUSPARSE_OPERATION_NON_TRANSPOSE,
                CUSPARSE_OPERATION_TRANSPOSE,
                cusparse.one,
                operands.y.asConst(),
                operands.x.asConst(),
                cusparse.zero,
                operands.sparse,
                CUDA_R_32F,
                CUSPARSE_SDDMM_ALG_DEFAULT,
                buffer.pointer()));
  }

  @Override
  public void close() {
    operands.close();
    buffer.close();
  }
}
