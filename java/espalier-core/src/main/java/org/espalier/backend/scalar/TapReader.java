/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend.scalar;

import static org.espalier.backend.host.HostBuffer.floats;
import static org.espalier.backend.host.HostBuffer.start;

import org.espalier.sparse.Taps;
import org.espalier.tensor.ImageGrid;
import org.espalier.tensor.Tensor;

/** Reads tensors pixel by pixel, without relying on what lies between the images. */
record TapReader(Taps taps) {

  /** Tells whether the products have a result at a position of the output. */
  boolean hasOutput(int position) {
    return taps.isNone() || taps.output().isPixel(position);
  }

  /** Returns what a column reads of the input for a position of the output. */
  double input(Tensor x, int column, int position) {
    int shift = taps.shift(column % taps.count());
    return at(x, taps.input(), taps.row(column), position + shift);
  }

  /** Returns the row of the output at the position that reads this position by a tap. */
  double output(Tensor y, int row, int tap, int position) {
    return at(y, taps.output(), row, position - taps.shift(tap));
  }

  private static double at(Tensor x, ImageGrid grid, int row, int position) {
    boolean inside = position >= 0 && position < x.positions();
    return inside && (grid == null || grid.isPixel(position))
        ? floats(x.buffer())[start(x) + row * x.stride() + position]
        : 0;
  }
}
