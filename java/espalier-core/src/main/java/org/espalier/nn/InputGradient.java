/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.nn;

import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.Tensor;

/** Where a layer writes the gradient of its input: memory that is lent for each backward pass. */
final class InputGradient {

  private final GradientMemory memory;
  private final TensorShape shape;
  private Tensor last;

  InputGradient(GradientMemory memory, TensorShape shape) {
    this.memory = memory;
    this.shape = shape;
  }

  /**
   * Returns memory for a batch of this size, lent until it is given back or the next call. Its rows
   * hold anything; before and behind them are zeros.
   */
  Tensor lend(int samples) {
    DeviceBuffer buffer = memory.lend(this, shape.length(samples));
    boolean same = last != null && last.buffer() == buffer;
    if (!same || last.positions() != shape.positions(samples)) {
      last = shape.tensor(buffer, samples);
    }
    memory.guard(last, shape.guard());
    return last;
  }

  TensorShape shape() {
    return shape;
  }

  /** Gives back what was lent last. */
  void giveBack(Tensor lent) {
    memory.giveBack(lent);
  }
}
