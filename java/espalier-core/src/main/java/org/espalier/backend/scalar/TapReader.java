/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend.scalar;

import static org.espalier.backend.host.HostBuffer.floats;
import static org.espalier.backend.host.HostBuffer.start;

import java.util.Arrays;
import org.espalier.sparse.Taps;
import org.espalier.tensor.ImageGrid;
import org.espalier.tensor.Tensor;

/**
 * What taps read of a tensor: a copy of its pixels, in zeros that do not depend on what lies
 * between the images.
 */
final class TapReader {

  private final int margin;
  private final float[][] copy;
  private final int[] shift; // of each tap
  private final int[] row; // of the input, for each column
  private final int[] columnShift;

  private TapReader(Taps taps, Tensor tensor, ImageGrid grid, int columns) {
    this.margin = taps.reach();
    this.copy = new float[tensor.rows()][margin + tensor.positions() + margin];
    boolean[] isPixel = pixels(tensor, grid);
    float[] values = floats(tensor.buffer());
    for (int r = 0; r < copy.length; r++) {
      int from = start(tensor) + r * tensor.stride();
      for (int position = 0; position < isPixel.length; position++) {
        copy[r][margin + position] = isPixel[position] ? values[from + position] : 0;
      }
    }
    this.shift = new int[taps.count()];
    Arrays.setAll(shift, taps::shift);
    this.row = new int[columns];
    Arrays.setAll(row, taps::row);
    this.columnShift = new int[columns];
    Arrays.setAll(columnShift, column -> shift[column % shift.length]);
  }

  /** Returns a reader of the input of products. */
  static TapReader ofInput(Taps taps, Tensor x) {
    return new TapReader(taps, x, taps.input(), columns(taps, x));
  }

  /** Returns a reader of the output of products. */
  static TapReader ofOutput(Taps taps, Tensor y) {
    return new TapReader(taps, y, taps.output(), 0);
  }

  /** Returns the columns of weights that read this input. */
  static int columns(Taps taps, Tensor x) {
    return x.rows() / taps.phases().size() * taps.count();
  }

  /** Returns which positions are pixels; where there are no images, all are. */
  static boolean[] pixels(Tensor tensor, ImageGrid grid) {
    boolean[] pixels = new boolean[tensor.positions()];
    for (int position = 0; position < pixels.length; position++) {
      pixels[position] = grid == null || grid.isPixel(position);
    }
    return pixels;
  }

  /** Returns what a column reads of the input for a position of the output. */
  double input(int column, int position) {
    return copy[row[column]][margin + position + columnShift[column]];
  }

  /** Returns the row of the output at the position that reads this position by a tap. */
  double output(int outputRow, int tap, int position) {
    return copy[outputRow][margin + position - shift[tap]];
  }
}
