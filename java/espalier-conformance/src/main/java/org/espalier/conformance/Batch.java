/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.conformance;

import org.espalier.tensor.Tensor;

/**
 * The row layout of a case's tensors.
 *
 * @param positions elements of a row that count
 * @param stride distance between rows; more than needed for a batch that is not full
 */
record Batch(int positions, int stride) {

  static Batch of(int positions) {
    return new Batch(positions, Tensor.strideFor(positions));
  }

  /** Returns a batch that is not full. */
  static Batch partial(int positions, int capacity) {
    return new Batch(positions, Tensor.strideFor(capacity));
  }

  @Override
  public String toString() {
    return "n=" + positions + (stride == Tensor.strideFor(positions) ? "" : " stride=" + stride);
  }
}
