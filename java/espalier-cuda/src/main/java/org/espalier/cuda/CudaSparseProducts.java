/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cuda;

import org.espalier.backend.Epilogue;
import org.espalier.backend.SgdRule;
import org.espalier.backend.SparseProducts;
import org.espalier.sparse.CsrMatrix;
import org.espalier.sparse.SparseWeights;
import org.espalier.sparse.TransposedCopy;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.ElementType;
import org.espalier.tensor.Tensor;

/** Sparse products as commands. */
final class CudaSparseProducts implements SparseProducts {

  private static final long AUTO = 0; // the native library chooses how

  private final Encoder encoder;
  private final SlabIndexes slabs;

  CudaSparseProducts(Encoder encoder, SlabIndexes slabs) {
    this.encoder = encoder;
    this.slabs = slabs;
  }

  @Override
  public void spmm(CsrMatrix weights, DeviceBuffer bias, Tensor x, Tensor y, Epilogue epilogue) {
    Encoder.shape(x, weights.columns(), y.positions());
    Encoder.shape(y, weights.rows(), y.positions());
    long index = slabs.of(weights, y.positions());
    encoder
        .begin(Opcode.SPMM)
        .csr(weights, index)
        .floatsOrNone(bias, weights.rows())
        .rows(x)
        .rows(y)
        .epilogue(epilogue, y)
        .put(AUTO)
        .end();
  }

  @Override
  public void sddmm(
      CsrMatrix pattern, Tensor x, Tensor dy, DeviceBuffer gradient, DeviceBuffer biasGradient) {
    shapes(pattern, x, dy);
    long index = slabs.of(pattern, dy.positions());
    encoder
        .begin(Opcode.SDDMM)
        .csr(pattern, index)
        .rows(x)
        .rows(dy)
        .floats(gradient, pattern.nnz())
        .floatsOrNone(biasGradient, pattern.rows())
        .put(AUTO)
        .end();
  }

  @Override
  public void sddmmSgd(
      SparseWeights weights,
      Tensor x,
      Tensor dy,
      DeviceBuffer velocity,
      DeviceBuffer biasGradient,
      SgdRule rule,
      float learningRate) {
    CsrMatrix csr = weights.csr();
    shapes(csr, x, dy);
    long index = slabs.of(csr, dy.positions());
    encoder
        .begin(Opcode.SDDMM_SGD)
        .csr(csr, index)
        .rows(x)
        .rows(dy)
        .floatsOrNone(velocity, csr.nnz())
        .floatsOrNone(biasGradient, csr.rows());
    if (weights.transposed().isPresent()) {
      TransposedCopy copy = weights.transposed().get();
      encoder
          .floats(copy.csr().values(), csr.nnz())
          .array(copy.slot(), ElementType.INT32, csr.nnz());
    } else {
      encoder.put(0L).put(0L);
    }
    encoder.rule(rule, learningRate, 1).put(AUTO).end();
  }

  private static void shapes(CsrMatrix pattern, Tensor x, Tensor dy) {
    Encoder.shape(x, pattern.columns(), dy.positions());
    Encoder.shape(dy, pattern.rows(), dy.positions());
  }
}
