/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import static org.espalier.cpu.Lanes.L;

import java.util.Arrays;
import org.espalier.tensor.ImageGrid;
import org.espalier.tensor.Tensor;

/**
 * How kernels go over the rows of a tensor of images: in blocks of whole vectors, halo included,
 * with a mask of which lanes are pixels. So rows are read and written as they lie in memory, in
 * aligned vectors, whatever the width of the images. The masks of one image are kept, since they
 * repeat, and that of the last vector, which may reach beyond the positions.
 */
final class PixelBlocks {

  /** Positions of a block: some kilobytes, so that what is read twice is in the cache. */
  static final int BLOCK = 4096;

  private ImageGrid grid;
  private int positions;

  /** -1 for pixels, else 0: a whole number of images and a vector more, then the last vector. */
  private int[] masks = new int[0];

  private int period;

  /** Takes the layout of a tensor. */
  void set(Tensor tensor, ImageGrid of) {
    Lanes.vectors(tensor);
    if (of.equals(grid) && tensor.positions() == positions) {
      return;
    }
    grid = of;
    positions = tensor.positions();
    int image = grid.positionsOfImage();
    period = (L + image - 1) / image * image;
    if (masks.length < period + 2 * L) {
      masks = new int[period + 2 * L];
    }
    Arrays.fill(masks, 0);
    for (int line = 0; line * grid.pitch() < period + L; line++) {
      if (line % grid.lines() < grid.height()) {
        int from = line * grid.pitch();
        Arrays.fill(masks, from, Math.min(from + grid.width(), period + L), -1);
      }
    }
    for (int i = 0; i < positions % L; i++) {
      masks[period + L + i] = masks[whole() % period + i];
    }
  }

  ImageGrid grid() {
    return grid;
  }

  /** Returns the masks; they repeat after {@link #period}. */
  int[] masks() {
    return masks;
  }

  int period() {
    return period;
  }

  /** Returns the number of pixels of a row. */
  int pixels() {
    return positions / grid.positionsOfImage() * grid.pixels();
  }

  /** Returns the number of pixels of the first block. */
  int pixelsOfFirst() {
    int end = Math.min(count(0), positions);
    int rest = end % grid.positionsOfImage();
    int lines = rest / grid.pitch();
    int whole = end / grid.positionsOfImage() * grid.pixels();
    return lines < grid.height()
        ? whole + lines * grid.width() + Math.min(rest % grid.pitch(), grid.width())
        : whole + grid.pixels();
  }

  /** Returns how many positions are in vectors that are full of them. */
  private int whole() {
    return positions / L * L;
  }

  /** Returns the number of blocks of a row; the last vector is a block of its own. */
  int blocks() {
    return (whole() + BLOCK - 1) / BLOCK + (whole() < positions ? 1 : 0);
  }

  /** Returns the first position of a block. */
  int from(int block) {
    return Math.min(block * BLOCK, whole());
  }

  /** Returns how many positions a block has, a multiple of the lanes. */
  int count(int block) {
    return from(block) == whole() ? L : Math.min(BLOCK, whole() - from(block));
  }

  /** Returns where the masks of a block begin. */
  int mask(int block) {
    return from(block) == whole() ? period + L : from(block) % period;
  }

  /** Returns the position up to which the blocks of a row write. */
  int end() {
    return (positions + L - 1) / L * L;
  }
}
