/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.sparse;

import org.espalier.tensor.DeviceBuffer;

/**
 * The same connections ordered by input channel, so that the input gradient is the same product as
 * the forward pass.
 *
 * @param csr the transposed matrix in CSR form, a row for each column of the original; its values
 *     repeat those of the original
 * @param slot INT32, nnz elements: entry k of the original stands at {@code slot[k]} here
 * @param taps of the original, hence what the rows read
 */
public record TransposedCopy(CsrMatrix csr, DeviceBuffer slot, Taps taps) implements AutoCloseable {

  /** Creates the copy of a matrix whose columns are input channels. */
  public TransposedCopy(CsrMatrix csr, DeviceBuffer slot) {
    this(csr, slot, Taps.NONE);
  }

  /** Returns the same copy of a matrix with other taps; the buffers of both are shared. */
  TransposedCopy with(Taps other) {
    return new TransposedCopy(csr, slot, other);
  }

  @Override
  public void close() {
    csr.close();
    slot.close();
  }
}
