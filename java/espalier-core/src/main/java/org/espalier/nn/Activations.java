/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.nn;

import org.espalier.backend.Backend;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.ElementType;
import org.espalier.tensor.Tensor;

/** A buffer for up to a fixed number of positions, viewed with as many as a batch has. */
final class Activations implements LayerMemory {

  private final Tensor full;
  private Tensor last;

  Activations(Backend backend, int rows, int maxPositions) {
    int stride = Tensor.strideFor(maxPositions);
    DeviceBuffer buffer = backend.memory().allocate(ElementType.FLOAT32, (long) rows * stride);
    this.full = new Tensor(buffer, 0, rows, maxPositions, stride);
    this.last = full;
  }

  Tensor positions(int count) {
    if (last.positions() != count) {
      last = full.withPositions(count);
    }
    return last;
  }

  @Override
  public Tensor like(Tensor x) {
    return positions(x.positions());
  }

  @Override
  public Tensor counted(Tensor x) {
    return x;
  }

  @Override
  public void close() {
    full.buffer().close();
  }
}
