/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cuda.vendor;

import static jcuda.cudaDataType.CUDA_R_32F;
import static jcuda.jcusparse.cusparseOperation.CUSPARSE_OPERATION_NON_TRANSPOSE;

import jcuda.Pointer;
import jcuda.jcusparse.JCusparse;
import jcuda.jcusparse.cusparseHandle;
import org.espalier.sparse.CsrMatrix;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.Tensor;

/**
 * {@code Y = W X} or {@code Y += W X} for one pattern and one shape. W is never transposed:
 * cuSPARSE then neither is fast nor promises the same bits, and the engine has a transposed copy.
 */
final class SpmmPlan implements AutoCloseable {

  private final CusparseHandle cusparse;
  private final SpmmAlgorithm algorithm;
  private final String what;
  private final Operands operands;
  private final ExternalBuffer buffer;

  /** Creates the plan with the arrays of the first call. */
  SpmmPlan(
      CusparseHandle cusparse,
      SpmmAlgorithm algorithm,
      Operands operands,
      ExternalBuffer buffer,
      CsrMatrix weights,
      Tensor x) {
    this.cusparse = cusparse;
    this.algorithm = algorithm;
    this.operands = operands;
    this.buffer = buffer;
    this.what =
        "an SpMM (%s) of %d x %d weights, %d connections and %d positions"
            .formatted(
                algorithm.title(), weights.rows(), weights.columns(), weights.nnz(), x.positions());
    cusparse.enqueue(what, this::prepare);
  }

  private void prepare(cusparseHandle handle) {
    long[] bytes = new long[1];
    JCusparse.cusparseSpMM_bufferSize(
        handle,
        CUSPARSE_OPERATION_NON_TRANSPOSE,
        CUSPARSE_OPERATION_NON_TRANSPOSE,
        cusparse.one,
        operands.sparse.asConst(),
        operands.x.asConst(),
        cusparse.zero,
        operands.y,
        CUDA_R_32F,
        algorithm.code,
        bytes);
    buffer.allocate(bytes[0]);
    if (algorithm.preprocessed) {
      JCusparse.cusparseSpMM_preprocess(
          handle,
          CUSPARSE_OPERATION_NON_TRANSPOSE,
          CUSPARSE_OPERATION_NON_TRANSPOSE,
          cusparse.one,
          operands.sparse.asConst(),
          operands.x.asConst(),
          cusparse.zero,
          operands.y,
          CUDA_R_32F,
          algorithm.code,
          buffer.pointer());
    }
  }

  /**
   * Enqueues the product.
   *
   * @param accumulate whether it is added to what y holds
   */
  void run(DeviceBuffer values, Tensor x, Tensor y, boolean accumulate) {
    Pointer factor = accumulate ? cusparse.one : cusparse.zero;
    operands.pointTo(values, x, y);
    cusparse.enqueue(
        what,
        handle ->
            JCusparse.cusparseSpMM(
                handle,
                CUSPARSE_OPERATION_NON_TRANSPOSE,
                CUSPARSE_OPERATION_NON_TRANSPOSE,
                cusparse.one,
                operands.sparse.asConst(),
                operands.x.asConst(),
                factor,
                operands.y,
                CUDA_R_32F,
                algorithm.code,
                buffer.pointer()));
  }

  @Override
  public void close() {
    operands.close();
    buffer.close();
  }
}
