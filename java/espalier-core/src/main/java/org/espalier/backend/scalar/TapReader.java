/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend.scalar;

import static org.espalier.backend.host.HostBuffer.floats;
import static org.espalier.backend.host.HostBuffer.start;

import org.espalier.sparse.Taps;
import org.espalier.tensor.ImageGrid;
import org.espalier.tensor.Tensor;

/** Reads tensors pixel by pixel, without relying on what lies between the images. */
final class TapReader {

  private final Taps taps;
  private final int[] shift;
  private final boolean[] isInput; // of the positions of an image
  private final boolean[] isOutput;

  TapReader(Taps taps) {
    this.taps = taps;
    this.shift = new int[taps.count()];
    for (int tap = 0; tap < shift.length; tap++) {
      shift[tap] = taps.shift(tap);
    }
    this.isInput = pixels(taps.input());
    this.isOutput = pixels(taps.output());
  }

  /** Returns which positions are pixels; a tensor that holds no images has nothing else. */
  private static boolean[] pixels(ImageGrid grid) {
    if (grid == null) {
      return new boolean[] {true};
    }
    boolean[] pixels = new boolean[grid.positionsOfImage()];
    for (int position = 0; position < pixels.length; position++) {
      pixels[position] = grid.isPixel(position);
    }
    return pixels;
  }

  /** Tells whether the products have a result at a position of the output. */
  boolean hasOutput(int position) {
    return isOutput[position % isOutput.length];
  }

  /** Returns what a column reads of the input for a position of the output. */
  double input(Tensor x, int column, int position) {
    return at(x, isInput, taps.row(column), position + shift[column % shift.length]);
  }

  /** Returns the row of the output at the position that reads this position by a tap. */
  double output(Tensor y, int row, int tap, int position) {
    return at(y, isOutput, row, position - shift[tap]);
  }

  private static double at(Tensor x, boolean[] isPixel, int row, int position) {
    boolean inside = position >= 0 && position < x.positions();
    return inside && isPixel[position % isPixel.length]
        ? floats(x.buffer())[start(x) + row * x.stride() + position]
        : 0;
  }
}
