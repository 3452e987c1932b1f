/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.topology;

import org.espalier.backend.Backend;
import org.espalier.backend.Memory;
import org.espalier.sparse.CsrMatrix;
import org.espalier.sparse.SparseWeights;
import org.espalier.sparse.ValueRule;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.ElementType;

/** Sets of cells of a layer as sparse weights, made and changed on the device. */
final class PositionSets {

  private PositionSets() {}

  /** Returns an empty set of cells of a layer like this one. */
  static SparseWeights empty(Backend backend, String name, CsrMatrix shape) {
    Memory memory = backend.memory();
    CsrMatrix csr =
        new CsrMatrix(
            shape.rows(),
            shape.columns(),
            0,
            memory.allocate(ElementType.INT32, shape.rows() + 1L),
            memory.allocate(ElementType.INT32, 0),
            memory.allocate(ElementType.FLOAT32, 0),
            shape.taps());
    return new SparseWeights(name, csr, ValueRule.ZEROS);
  }

  /** Returns the cells that the connections are in, with their values. */
  static SparseWeights copy(Backend backend, String name, CsrMatrix csr) {
    Memory memory = backend.memory();
    DeviceBuffer rowStart = memory.allocate(ElementType.INT32, csr.rows() + 1L);
    DeviceBuffer column = memory.allocate(ElementType.INT32, csr.nnz());
    DeviceBuffer values = memory.allocate(ElementType.FLOAT32, csr.nnz());
    memory.copy(csr.rowStart(), 0, rowStart, 0, csr.rows() + 1L);
    memory.copy(csr.column(), 0, column, 0, csr.nnz());
    memory.copy(csr.values(), 0, values, 0, csr.nnz());
    CsrMatrix copy =
        new CsrMatrix(csr.rows(), csr.columns(), csr.nnz(), rowStart, column, values, csr.taps());
    return new SparseWeights(name, copy, ValueRule.ZEROS);
  }

  /** Returns flags by which all of {@code nnz} connections stay. */
  static DeviceBuffer keepAll(Backend backend, CsrMatrix csr) {
    DeviceBuffer keep = backend.memory().allocate(ElementType.INT32, csr.nnz());
    backend.topology().pruneSignwise(csr, 0, keep);
    return keep;
  }

  /**
   * Adds cells to a set.
   *
   * @param positions ascending, none of them in the set
   */
  static void add(Backend backend, SparseWeights set, DeviceBuffer positions, int count) {
    try (DeviceBuffer keep = keepAll(backend, set.csr())) {
      backend.topology().rebuild(set, keep, positions, count, ValueRule.ZEROS, 0, false);
    }
  }

  /** Draws cells that are not in a set. */
  static void drawOutside(
      Backend backend, SparseWeights set, int count, long key, DeviceBuffer positions) {
    try (DeviceBuffer keep = keepAll(backend, set.csr())) {
      backend.topology().growRandom(set.csr(), keep, count, key, positions);
    }
  }
}
