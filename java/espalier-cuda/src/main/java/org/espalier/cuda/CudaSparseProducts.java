/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cuda;

import org.espalier.backend.Epilogue;
import org.espalier.backend.Memory;
import org.espalier.backend.SgdRule;
import org.espalier.backend.SparseProducts;
import org.espalier.sparse.CsrMatrix;
import org.espalier.sparse.SparseWeights;
import org.espalier.sparse.TransposedCopy;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.ElementType;
import org.espalier.tensor.Tensor;

/**
 * Sparse products as commands, each in the tier that is the fastest for its shape. Those of
 * convolutions have kernels of their own.
 */
final class CudaSparseProducts implements SparseProducts {

  private final Encoder encoder;
  private final CudaConvolutions convolutions;
  private final SlabIndexes slabs;
  private final Memory memory;
  private final Tuner tuner;

  CudaSparseProducts(
      Encoder encoder,
      CudaConvolutions convolutions,
      SlabIndexes slabs,
      Memory memory,
      Tuner tuner) {
    this.encoder = encoder;
    this.convolutions = convolutions;
    this.slabs = slabs;
    this.memory = memory;
    this.tuner = tuner;
  }

  @Override
  public void spmm(CsrMatrix weights, DeviceBuffer bias, Tensor x, Tensor y, Epilogue epilogue) {
    if (!weights.taps().isNone()) {
      convolutions.spmm(weights, bias, x, y, epilogue);
      return;
    }
    Encoder.shape(x, weights.columns(), y.positions());
    Encoder.shape(y, weights.rows(), y.positions());
    long index = slabs.of(weights, y.positions());
    Tier tier =
        tuner.tier("spmm", weights, y.positions(), index != 0, new SpmmTrial(weights, x, y, index));
    append(weights, index, bias, x, y, epilogue, tier);
  }

  private void append(
      CsrMatrix weights,
      long index,
      DeviceBuffer bias,
      Tensor x,
      Tensor y,
      Epilogue epilogue,
      Tier tier) {
    encoder
        .begin(Opcode.SPMM)
        .csr(weights, index)
        .floatsOrNone(bias, weights.rows())
        .rows(x)
        .rows(y)
        .epilogue(epilogue, y)
        .put(tier.code())
        .end();
  }

  /** The product without what follows it; y is about to be overwritten anyway. */
  private final class SpmmTrial implements Tuner.Trial {

    private final CsrMatrix weights;
    private final Tensor x;
    private final Tensor y;
    private final long index;
    private SampledSums sums;

    SpmmTrial(CsrMatrix weights, Tensor x, Tensor y, long index) {
      this.weights = weights;
      this.x = x;
      this.y = y;
      this.index = index;
    }

    @Override
    public void append(Tier tier) {
      CudaSparseProducts.this.append(weights, index, null, x, y, Epilogue.NONE, tier);
    }

    @Override
    public double error() {
      if (sums == null) {
        sums = new SampledSums(memory, weights, x);
      }
      return sums.spmmError(y);
    }
  }

  @Override
  public void spmmTransposed(TransposedCopy weights, Tensor dy, Tensor dx, Epilogue epilogue) {
    if (weights.taps().isNone()) {
      spmm(weights.csr(), null, dy, dx, epilogue);
    } else {
      convolutions.spmmTransposed(weights, dy, dx, epilogue);
    }
  }

  @Override
  public void sddmm(
      CsrMatrix pattern, Tensor x, Tensor dy, DeviceBuffer gradient, DeviceBuffer biasGradient) {
    if (!pattern.taps().isNone()) {
      convolutions.sddmm(pattern, x, dy, gradient, biasGradient);
      return;
    }
    shapes(pattern, x, dy);
    long index = slabs.of(pattern, dy.positions());
    Tier tier = sddmmTier(pattern, x, dy, index);
    append(pattern, index, x, dy, gradient, biasGradient, tier);
  }

  private void append(
      CsrMatrix pattern,
      long index,
      Tensor x,
      Tensor dy,
      DeviceBuffer gradient,
      DeviceBuffer biasGradient,
      Tier tier) {
    encoder
        .begin(Opcode.SDDMM)
        .csr(pattern, index)
        .rows(x)
        .rows(dy)
        .floats(gradient, pattern.nnz())
        .floatsOrNone(biasGradient, pattern.rows())
        .put(tier.code())
        .end();
  }

  /** The tier of both forms: the sums are the same, and the fused one cannot be tried in vain. */
  private Tier sddmmTier(CsrMatrix pattern, Tensor x, Tensor dy, long index) {
    try (SddmmTrial trial = new SddmmTrial(pattern, x, dy, index)) {
      return tuner.tier("sddmm", pattern, dy.positions(), index != 0, trial);
    }
  }

  /** The unfused product, into memory of its own. */
  private final class SddmmTrial implements Tuner.Trial, AutoCloseable {

    private final CsrMatrix pattern;
    private final Tensor x;
    private final Tensor dy;
    private final long index;
    private DeviceBuffer gradient;
    private SampledSums sums;

    SddmmTrial(CsrMatrix pattern, Tensor x, Tensor dy, long index) {
      this.pattern = pattern;
      this.x = x;
      this.dy = dy;
      this.index = index;
    }

    @Override
    public void append(Tier tier) {
      if (gradient == null) {
        gradient = memory.allocate(ElementType.FLOAT32, pattern.nnz());
      }
      CudaSparseProducts.this.append(pattern, index, x, dy, gradient, null, tier);
    }

    @Override
    public double error() {
      if (sums == null) {
        sums = new SampledSums(memory, pattern, x);
      }
      return sums.sddmmError(dy, gradient);
    }

    @Override
    public void close() {
      if (gradient != null) {
        gradient.close();
      }
    }
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
    if (!csr.taps().isNone()) {
      convolutions.sddmmSgd(weights, x, dy, velocity, biasGradient, rule, learningRate);
      return;
    }
    shapes(csr, x, dy);
    long index = slabs.of(csr, dy.positions());
    Tier tier = sddmmTier(csr, x, dy, index);
    encoder
        .begin(Opcode.SDDMM_SGD)
        .csr(csr, index)
        .rows(x)
        .rows(dy)
        .floatsOrNone(velocity, csr.nnz())
        .floatsOrNone(biasGradient, csr.rows())
        .transposed(weights)
        .rule(rule, learningRate, 1)
        .put(tier.code())
        .end();
  }

  private static void shapes(CsrMatrix pattern, Tensor x, Tensor dy) {
    Encoder.shape(x, pattern.columns(), dy.positions());
    Encoder.shape(dy, pattern.rows(), dy.positions());
  }
}
