/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import static org.espalier.backend.host.HostBuffer.BASE;
import static org.espalier.backend.host.HostBuffer.floats;
import static org.espalier.backend.host.HostBuffer.ints;

import org.espalier.sparse.CsrMatrix;

/**
 * The weights of a nearly dense pattern with zeros between them, for the dense products. The
 * connections are where they are until the pattern is replaced, so only their values have to be
 * brought up to date.
 */
final class DenseTwin {

  private final float[] matrix;
  private boolean chosen;
  private boolean dense;

  DenseTwin(CsrMatrix csr) {
    this.matrix = new float[BASE + (int) csr.cells() + Lanes.L];
  }

  /** Tells whether it is known which product is the faster one. */
  boolean isChosen() {
    return chosen;
  }

  /** Tells whether the dense product is the faster one. */
  boolean isDense() {
    return dense;
  }

  void choose(boolean faster) {
    chosen = true;
    dense = faster;
  }

  /** Returns the weights row-major, from element BASE on, with their values of now. */
  float[] of(CsrMatrix csr) {
    int[] rowStart = ints(csr.rowStart());
    int[] column = ints(csr.column());
    float[] values = floats(csr.values());
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
    for (int row = 0; row < copy.rows(); row++) {
      for (int k = rowStart[row]; k < rowStart[row + 1]; k++) {
        matrix[BASE + column[k] * copy.rows() + row] = values[BASE + k];
      }
    }
    return matrix;
  }
}
