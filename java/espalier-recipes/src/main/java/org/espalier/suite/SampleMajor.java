/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.suite;

import org.espalier.backend.Memory;
import org.espalier.tensor.Tensor;

/** Brings tensors from the device, where a row is a feature, sample by sample; holds one copy. */
final class SampleMajor {

  private final Memory memory;
  private float[] copy = {};

  SampleMajor(Memory memory) {
    this.memory = memory;
  }

  /**
   * Copies a tensor: feature r of position p goes to {@code target[at + p * rows + r]}.
   *
   * @param tensor {@code rows x positions}
   */
  void download(Tensor tensor, float[] target, int at) {
    int rows = tensor.rows();
    int count = Math.multiplyExact(rows, tensor.stride());
    if (copy.length < count) {
      copy = new float[count];
    }
    memory.download(tensor.buffer(), tensor.offset(), copy, 0, count);
    for (int p = 0; p < tensor.positions(); p++) {
      for (int r = 0; r < rows; r++) {
        target[at + p * rows + r] = copy[r * tensor.stride() + p];
      }
    }
  }
}
