/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.sparse;

import org.espalier.tensor.DeviceBuffer;

/**
 * The same connections ordered by input channel, so that the input gradient is the same product as
 * the forward pass.
 *
 * @param csr the transposed matrix in CSR form; its values repeat those of the original
 * @param slot INT32, nnz elements: entry k of the original stands at {@code slot[k]} here
 */
public record TransposedCopy(CsrMatrix csr, DeviceBuffer slot) implements AutoCloseable {

  @Override
  public void close() {
    csr.close();
    slot.close();
  }
}
