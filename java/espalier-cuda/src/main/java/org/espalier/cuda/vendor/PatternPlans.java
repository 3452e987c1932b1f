/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cuda.vendor;

import java.util.HashMap;
import java.util.Map;
import org.espalier.backend.Memory;
import org.espalier.cuda.interop.SharedDevice;
import org.espalier.sparse.CsrMatrix;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.ElementType;
import org.espalier.tensor.Tensor;

/** What is made once for a pattern: a plan for each shape that came, and memory beside them. */
final class PatternPlans implements AutoCloseable {

  private final CusparseHandle cusparse;
  private final SpmmAlgorithm algorithm;
  private final SharedDevice device;
  private final Memory memory;
  private final CsrMatrix pattern;
  private final Map<Shape, SpmmPlan> spmm = new HashMap<>();
  private final Map<Shape, SddmmPlan> sddmm = new HashMap<>();
  private DeviceBuffer noEntries;
  private DeviceBuffer gradient;

  /** What the descriptions of two dense operands depend on, beside the pattern. */
  private record Shape(int positions, int xStride, int yStride) {

    static Shape of(Tensor x, Tensor y) {
      return new Shape(x.positions(), x.stride(), y.stride());
    }
  }

  PatternPlans(
      CusparseHandle cusparse,
      SpmmAlgorithm algorithm,
      SharedDevice device,
      Memory memory,
      CsrMatrix pattern) {
    this.cusparse = cusparse;
    this.algorithm = algorithm;
    this.device = device;
    this.memory = memory;
    this.pattern = pattern;
  }

  /** Tells whether a matrix with the same column array has the same pattern. */
  boolean isOf(CsrMatrix csr) {
    return csr.rowStart() == pattern.rowStart()
        && csr.rows() == pattern.rows()
        && csr.columns() == pattern.columns()
        && csr.nnz() == pattern.nnz();
  }

  SpmmPlan spmm(CsrMatrix weights, Tensor x, Tensor y) {
    return spmm.computeIfAbsent(
        Shape.of(x, y),
        shape ->
            new SpmmPlan(
                cusparse,
                algorithm,
                new Operands(device, pattern, weights.values(), x, y),
                new ExternalBuffer(device, memory),
                pattern,
                x));
  }

  SddmmPlan sddmm(DeviceBuffer result, Tensor x, Tensor dy) {
    return sddmm.computeIfAbsent(
        Shape.of(x, dy),
        shape ->
            new SddmmPlan(
                cusparse,
                new Operands(device, pattern, result, x, dy),
                new ExternalBuffer(device, memory),
                pattern,
                x));
  }

  /** Returns a matrix of the pattern's shape without a single connection. */
  CsrMatrix empty() {
    if (noEntries == null) {
      noEntries = memory.allocate(ElementType.INT32, pattern.rows() + 1L); // zeros
    }
    return new CsrMatrix(
        pattern.rows(), pattern.columns(), 0, noEntries, pattern.column(), pattern.values());
  }

  /** Returns memory for a gradient that somebody uses up at once. */
  DeviceBuffer gradient() {
    if (gradient == null) {
      gradient = memory.allocate(ElementType.FLOAT32, pattern.nnz());
    }
    return gradient;
  }

  @Override
  public void close() {
    spmm.values().forEach(SpmmPlan::close);
    sddmm.values().forEach(SddmmPlan::close);
    if (noEntries != null) {
      noEntries.close();
    }
    if (gradient != null) {
      gradient.close();
    }
  }
}
