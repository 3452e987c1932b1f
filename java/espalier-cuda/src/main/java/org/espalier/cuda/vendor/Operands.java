/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cuda.vendor;

import jcuda.Pointer;
import jcuda.cudaDataType;
import jcuda.jcusparse.JCusparse;
import jcuda.jcusparse.cusparseDnMatDescr;
import jcuda.jcusparse.cusparseIndexBase;
import jcuda.jcusparse.cusparseIndexType;
import jcuda.jcusparse.cusparseOrder;
import jcuda.jcusparse.cusparseSpMatDescr;
import org.espalier.cuda.interop.JcudaBridge;
import org.espalier.cuda.interop.SharedDevice;
import org.espalier.sparse.CsrMatrix;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.ElementType;
import org.espalier.tensor.Tensor;

/**
 * A pattern and the two dense matrices of a product as cuSPARSE's descriptions: made once for a
 * shape, then pointed at the arrays of each call.
 */
final class Operands implements AutoCloseable {

  final cusparseSpMatDescr sparse = new cusparseSpMatDescr();

  /** The matrix with a row for each column of the pattern. */
  final cusparseDnMatDescr x = new cusparseDnMatDescr();

  /** The matrix with a row for each row of the pattern. */
  final cusparseDnMatDescr y = new cusparseDnMatDescr();

  private final SharedDevice device;
  private final int nnz;

  Operands(SharedDevice device, CsrMatrix pattern, DeviceBuffer values, Tensor x, Tensor y) {
    this.device = device;
    this.nnz = pattern.nnz();
    JCusparse.cusparseCreateCsr(
        sparse,
        pattern.rows(),
        pattern.columns(),
        nnz,
        array(pattern.rowStart(), ElementType.INT32, pattern.rows() + 1L),
        array(pattern.column(), ElementType.INT32, nnz),
        array(values, ElementType.FLOAT32, nnz),
        cusparseIndexType.CUSPARSE_INDEX_32I,
        cusparseIndexType.CUSPARSE_INDEX_32I,
        cusparseIndexBase.CUSPARSE_INDEX_BASE_ZERO,
        cudaDataType.CUDA_R_32F);
    describe(this.x, x);
    describe(this.y, y);
  }

  private void describe(cusparseDnMatDescr description, Tensor tensor) {
    JCusparse.cusparseCreateDnMat(
        description,
        tensor.rows(),
        tensor.positions(),
        tensor.stride(),
        start(tensor),
        cudaDataType.CUDA_R_32F,
        cusparseOrder.CUSPARSE_ORDER_ROW);
  }

  /** Points the descriptions at the arrays of a call, which have the shapes of the first ones. */
  void pointTo(DeviceBuffer values, Tensor x, Tensor y) {
    JCusparse.cusparseSpMatSetValues(sparse, array(values, ElementType.FLOAT32, nnz));
    JCusparse.cusparseDnMatSetValues(this.x, start(x));
    JCusparse.cusparseDnMatSetValues(this.y, start(y));
  }

  private Pointer start(Tensor tensor) {
    long size = (long) tensor.rows() * tensor.stride();
    return JcudaBridge.pointer(
        device.address(tensor.buffer(), ElementType.FLOAT32, tensor.offset(), size));
  }

  private Pointer array(DeviceBuffer buffer, ElementType type, long count) {
    return JcudaBridge.pointer(device.address(buffer, type, 0, count));
  }

  @Override
  public void close() {
    JCusparse.cusparseDestroySpMat(sparse.asConst());
    JCusparse.cusparseDestroyDnMat(x.asConst());
    JCusparse.cusparseDestroyDnMat(y.asConst());
  }
}
