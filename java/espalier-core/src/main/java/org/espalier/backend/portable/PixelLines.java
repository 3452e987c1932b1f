/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend.portable;

import static org.espalier.backend.host.HostBuffer.floats;
import static org.espalier.backend.host.HostBuffer.start;
import static org.espalier.backend.portable.RowArrays.FIRST;

import org.espalier.tensor.ImageGrid;
import org.espalier.tensor.Tensor;

/**
 * The pixels of a tensor of images, line by line without what is between them: so two tensors with
 * different halos have equal row arrays, and loops over them need not care about either halo.
 */
record PixelLines(Tensor tensor, ImageGrid grid) {

  /** Pixels of a block, about. */
  private static final int BLOCK = 2048;

  /** Returns how many lines a block has. */
  int linesOfBlock() {
    return Math.max(1, BLOCK / grid.width());
  }

  /** Returns how many pixels the widest block has. */
  int widest() {
    return linesOfBlock() * grid.width();
  }

  /** Returns how many lines of pixels a row has. */
  int lines() {
    return grid.images(tensor) * grid.height();
  }

  /** Returns how many pixels a row has. */
  int pixels() {
    return lines() * grid.width();
  }

  /** Returns how many blocks a row has. */
  int blocks() {
    return (lines() + linesOfBlock() - 1) / linesOfBlock();
  }

  /** Returns how many pixels a block has. */
  int width(int block) {
    int first = block * linesOfBlock();
    return Math.min(linesOfBlock(), lines() - first) * grid.width();
  }

  /** Copies a block of a row to a row array. */
  void copyOut(int row, int block, float[] values) {
    copy(row, block, values, true);
  }

  /** Copies a row array to a block of a row. */
  void copyIn(float[] values, int row, int block) {
    copy(row, block, values, false);
  }

  private void copy(int row, int block, float[] values, boolean out) {
    int width = grid.width();
    int step = grid.isDense() ? width(block) : width; // without a halo there is just one long line
    int image = block * linesOfBlock() / grid.height();
    int y = block * linesOfBlock() % grid.height();
    int origin = start(tensor) + row * tensor.stride();
    float[] data = floats(tensor.buffer());
    for (int done = 0; done < width(block); done += step) {
      int at = origin + (image * grid.lines() + y) * grid.pitch();
      if (out) {
        System.arraycopy(data, at, values, FIRST + done, step);
      } else {
        System.arraycopy(values, FIRST + done, data, at, step);
      }
      if (++y == grid.height()) {
        y = 0;
        image++;
      }
    }
  }
}
