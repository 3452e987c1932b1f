/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.nn;

import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.ImageGrid;
import org.espalier.tensor.Tensor;

/**
 * What goes from one layer to the next, in batches of any size: features, or images in a grid.
 *
 * <p>Images have zeros before the first and behind the last one, for taps that point beyond them.
 * Rows of fewer images lie closer together, so that the zeros behind an image are always where the
 * next row begins.
 *
 * @param rows features, or channels
 * @param grid of images; null for features
 */
record TensorShape(int rows, ImageGrid grid) {

  /** Returns the shape between two layers. */
  static TensorShape of(SampleShape sample, ImageGrid grid) {
    return new TensorShape(sample.channels(), grid);
  }

  /** Returns the floats that a batch takes. */
  long length(int samples) {
    return 2L * guard() + (long) rows * Tensor.strideFor(positions(samples));
  }

  /** Returns a batch in this memory, which has the length of one as large at least. */
  Tensor tensor(DeviceBuffer buffer, int samples) {
    int positions = positions(samples);
    return new Tensor(buffer, guard(), rows, positions, Tensor.strideFor(positions));
  }

  /** Returns the samples of a batch. */
  int samples(Tensor batch) {
    return grid == null ? batch.positions() : grid.images(batch);
  }

  /** Returns how many positions a row of a batch has. */
  int positions(int samples) {
    return grid == null ? samples : grid.positions(samples);
  }

  /**
   * Returns the floats before and behind the rows that hold zeros. No tap points further than an
   * image, that of a kernel without padding included, which needs no halo.
   */
  int guard() {
    return grid == null ? 0 : Tensor.strideFor(grid.positionsOfImage());
  }

  /**
   * Returns what row-wise operations have to handle of a batch. What fills up rows of images counts
   * too: it has to stay zero, like all that is not a pixel.
   */
  Tensor counted(Tensor batch) {
    return grid == null ? batch : batch.withPositions(batch.stride());
  }
}
