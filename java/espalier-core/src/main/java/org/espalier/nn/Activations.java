/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.nn;

import org.espalier.backend.Backend;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.ElementType;
import org.espalier.tensor.Tensor;

/** A layer's own memory for batches of up to a fixed size. */
final class Activations implements AutoCloseable {

  private final TensorShape shape;
  private final DeviceBuffer buffer;
  private Tensor last;

  Activations(Backend backend, TensorShape shape, int maxSamples) {
    this.shape = shape;
    this.buffer = backend.memory().allocate(ElementType.FLOAT32, shape.length(maxSamples));
    this.last = shape.tensor(buffer, maxSamples);
  }

  /** Returns the memory for a batch of this size. */
  Tensor samples(int count) {
    if (last.positions() != shape.positions(count)) {
      last = shape.tensor(buffer, count);
    }
    return last;
  }

  TensorShape shape() {
    return shape;
  }

  @Override
  public void close() {
    buffer.close();
  }
}
