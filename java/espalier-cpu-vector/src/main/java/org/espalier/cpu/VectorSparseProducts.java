/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import org.espalier.backend.SparseProducts;
import org.espalier.backend.host.WorkerPool;
import org.espalier.sparse.CsrMatrix;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.Tensor;

/** Sparse products in vectors over the positions. */
final class VectorSparseProducts implements SparseProducts {

  private final SpmmKernel spmm;
  private final SddmmKernel sddmm;

  VectorSparseProducts(WorkerPool pool) {
    this.spmm = new SpmmKernel(pool);
    this.sddmm = new SddmmKernel(pool);
  }

  @Override
  public void spmm(CsrMatrix weights, DeviceBuffer bias, Tensor x, Tensor y) {
    spmm.run(weights, bias, x, y);
  }

  @Override
  public void sddmm(CsrMatrix pattern, Tensor x, Tensor dy, DeviceBuffer gradient) {
    sddmm.run(pattern, x, dy, gradient);
  }
}
