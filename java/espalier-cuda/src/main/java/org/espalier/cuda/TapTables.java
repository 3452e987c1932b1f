/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cuda;

import org.espalier.sparse.Taps;
import org.espalier.tensor.DeviceBuffer;

/**
 * The taps of convolutions in device memory, where kernels look up what a column reads: a few words
 * for each tap, the same for any batch and any number of channels. The table goes to the device
 * when a product first wants it, and lives as long as the weights, to whose array it is attached.
 */
final class TapTables {

  private final CudaMemory memory;

  TapTables(CudaMemory memory) {
    this.memory = memory;
  }

  /**
   * Returns the address of the table.
   *
   * @param weights an array of the layer that stays from step to step
   */
  long of(Taps taps, DeviceBuffer weights) {
    CudaBuffer owner = memory.own(weights);
    CudaBuffer table = owner.attachment(taps);
    if (table == null) {
      table = memory.own(memory.of(words(taps)));
      owner.attach(taps, table);
    }
    return table.address();
  }

  /** Phase and shift of each tap; the first tap of each phase, and how many taps there are. */
  private static int[] words(Taps taps) {
    int phases = taps.phases().size();
    int[] words = new int[2 * taps.count() + phases + 1];
    for (int tap = 0; tap < taps.count(); tap++) {
      words[2 * tap] = taps.phase(tap);
      words[2 * tap + 1] = taps.shift(tap);
    }
    for (int phase = 0; phase <= phases; phase++) {
      words[2 * taps.count() + phase] = taps.firstTap(phase);
    }
    return words;
  }
}
