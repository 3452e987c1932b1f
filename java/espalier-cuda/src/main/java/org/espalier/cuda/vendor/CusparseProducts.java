/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cuda.vendor;

import java.util.IdentityHashMap;
import java.util.Map;
import org.espalier.backend.Epilogue;
import org.espalier.backend.SgdRule;
import org.espalier.backend.SparseProducts;
import org.espalier.cuda.interop.SharedDevice;
import org.espalier.cuda.interop.SharingBackend;
import org.espalier.sparse.CsrMatrix;
import org.espalier.sparse.SparseWeights;
import org.espalier.sparse.TransposedCopy;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.Tensor;

/**
 * Sparse products by cuSPARSE's generic interface, on the stream of a CUDA backend.
 *
 * <p>cuSPARSE multiplies and no more, so what our kernels do on the way are passes of their own
 * here: the bias is written first and added to, the epilogue and the optimizer's step come after.
 * Each product is submitted by itself, and a step of SGD is therefore not held back by a loss that
 * was not finite in a submission before. Convolutions are left to the backend inside.
 */
final class CusparseProducts implements SparseProducts, AutoCloseable {

  private final SharingBackend inner;
  private final SharedDevice device;
  private final CusparseHandle cusparse;
  private final SpmmAlgorithm algorithm;

  /** By column array, with which they go. */
  private final Map<DeviceBuffer, PatternPlans> plans = new IdentityHashMap<>();

  CusparseProducts(SharingBackend inner, CusparseHandle cusparse, SpmmAlgorithm algorithm) {
    this.inner = inner;
    this.device = inner.device();
    this.cusparse = cusparse;
    this.algorithm = algorithm;
  }

  @Override
  public void spmm(CsrMatrix weights, DeviceBuffer bias, Tensor x, Tensor y, Epilogue epilogue) {
    if (isOurs(weights, y)) {
      inner.sparse().spmm(weights, bias, x, y, epilogue);
      return;
    }
    checkShapes(weights, x, y);
    PatternPlans pattern = of(weights);
    SpmmPlan plan = pattern.spmm(weights, x, y);
    if (bias != null) {
      inner.sparse().spmm(pattern.empty(), bias, x, y, Epilogue.NONE);
    }
    plan.run(weights.values(), x, y, bias != null);
    inner.rows().finish(epilogue, y);
  }

  @Override
  public void spmmTransposed(TransposedCopy weights, Tensor dy, Tensor dx, Epilogue epilogue) {
    if (weights.taps().isNone()) {
      spmm(weights.csr(), null, dy, dx, epilogue);
    } else {
      inner.sparse().spmmTransposed(weights, dy, dx, epilogue);
    }
  }

  @Override
  public void sddmm(
      CsrMatrix pattern, Tensor x, Tensor dy, DeviceBuffer gradient, DeviceBuffer biasGradient) {
    if (isOurs(pattern, dy)) {
      inner.sparse().sddmm(pattern, x, dy, gradient, biasGradient);
      return;
    }
    checkShapes(pattern, x, dy);
    of(pattern).sddmm(gradient, x, dy).run(gradient, x, dy);
    if (biasGradient != null) {
      inner.rows().rowSums(dy, biasGradient);
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
    if (isOurs(csr, dy)) {
      inner.sparse().sddmmSgd(weights, x, dy, velocity, biasGradient, rule, learningRate);
      return;
    }
    checkShapes(csr, x, dy);
    DeviceBuffer gradient = of(csr).gradient();
    sddmm(csr, x, dy, gradient, biasGradient);
    inner.updates().sgd(csr.values(), gradient, velocity, csr.nnz(), rule, learningRate, 1);
    inner.updates().syncTransposed(weights);
  }

  /** Tells whether our kernels do it: convolutions, and what has nothing to multiply. */
  private static boolean isOurs(CsrMatrix csr, Tensor y) {
    return csr.nnz() == 0 || y.positions() == 0 || !csr.taps().isNone();
  }

  private PatternPlans of(CsrMatrix csr) {
    PatternPlans known = plans.get(csr.column());
    if (known != null && known.isOf(csr)) {
      return known;
    }
    if (known == null) {
      device.whenChanged(csr.column(), () -> forget(csr.column()));
    } else {
      known.close();
    }
    PatternPlans made = new PatternPlans(cusparse, algorithm, device, inner.memory(), csr);
    plans.put(csr.column(), made);
    return made;
  }

  private void forget(DeviceBuffer column) {
    PatternPlans gone = plans.remove(column);
    if (gone != null) {
      gone.close();
    }
  }

  private static void checkShapes(CsrMatrix csr, Tensor x, Tensor y) {
    if (x.rows() != csr.columns() || y.rows() != csr.rows() || x.positions() != y.positions()) {
      throw new IllegalArgumentException(
          "tensors of %d x %d and %d x %d were used with weights of %d x %d"
              .formatted(
                  x.rows(), x.positions(), y.rows(), y.positions(), csr.rows(), csr.columns()));
    }
  }

  @Override
  public void close() {
    plans.values().forEach(PatternPlans::close);
    plans.clear();
  }
}
