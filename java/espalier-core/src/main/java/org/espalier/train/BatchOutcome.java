/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.train;

import org.espalier.backend.Memory;
import org.espalier.backend.PendingFloats;
import org.espalier.tensor.Tensor;

/**
 * Losses and hits of one batch, on their way from the device.
 *
 * @param values the row of losses and the row of hits
 * @param positions samples of the batch
 * @param stride distance between the rows
 */
record BatchOutcome(PendingFloats values, int positions, int stride) {

  /**
   * Starts to read an outcome, as losses leave it; what happens to it afterwards does not matter.
   */
  static BatchOutcome read(Memory memory, Tensor outcome) {
    int count = outcome.stride() + outcome.positions();
    PendingFloats values = memory.downloadLater(outcome.buffer(), outcome.offset(), count);
    return new BatchOutcome(values, outcome.positions(), outcome.stride());
  }
}
