/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import static org.espalier.backend.host.HostBuffer.BASE;
import static org.espalier.backend.host.HostBuffer.floats;
import static org.espalier.backend.host.HostBuffer.ints;

import org.espalier.sparse.CsrMatrix;
import org.espalier.tensor.Tensor;

/**
 * The weights of a nearly dense pattern with zeros between them, for the dense products. The
 * connections are where they are until the pattern is replaced, so only their values have to be
 * brought up to date.
 */
final class DenseTwin {

  private final String name;
  private float[] matrix; // null until it is used

  /**
   * Makes a twin.
   *
   * @param name of the choice between it and the pattern
   */
  DenseTwin(String name) {
    this.name = name;
  }

  String name() {
    return name;
  }

  /** Gives its memory back, until it is used again. */
  void release() {
    matrix = null;
  }

  private void open(CsrMatrix csr) {
    if (matrix == null) {
      matrix = new float[BASE + (int) csr.cells() + Tensor.ROW_ALIGNMENT];
    }
  }

  /** Returns the weights row-major, from element BASE on, with their values of now. */
  float[] of(CsrMatrix csr) {
    int[] rowStart = ints(csr.rowStart());
    int[] column = ints(csr.column());
    float[] values = floats(csr.values());
    open(csr);
    for (int row = 0; row < csr.rows(); row++) {
      int at = BASE + row * csr.columns();
      for (int k = rowStart[row]; k < rowStart[row + 1]; k++) {
        matrix[at + column[k]] = values[BASE + k];
      }
    }
    return matrix;
  }

  /** Returns the same of a transposed copy: the weights before they were transposed. */
  float[] ofTransposed(CsrMatrix copy) {
    int[] rowStart = ints(copy.rowStart());
    int[] column = ints(copy.column());
    float[] values = floats(copy.values());
    open(copy);
    for (int row = 0; row < copy.rows(); row++) {
      for (int k = rowStart[row]; k < rowStart[row + 1]; k++) {
        matrix[BASE + column[k] * copy.rows() + row] = values[BASE + k];
      }
    }
    return matrix;
  }
}
