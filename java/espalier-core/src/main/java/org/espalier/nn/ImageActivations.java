/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.nn;

import org.espalier.backend.Backend;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.ElementType;
import org.espalier.tensor.ImageGrid;
import org.espalier.tensor.Tensor;

/**
 * Memory of a layer for batches of images of up to a fixed number, with zeros before and behind for
 * taps that point beyond the first and the last image. Rows of fewer images lie closer together, so
 * that the zeros behind an image are always where the next row begins.
 */
final class ImageActivations implements LayerMemory {

  private final DeviceBuffer buffer;
  private final ImageGrid grid;
  private final int rows;
  private final int guard;
  private Tensor last;

  ImageActivations(Backend backend, int rows, ImageGrid grid, int maxImages) {
    this.grid = grid;
    this.rows = rows;
    // no tap points further, that of a kernel without padding included, which needs no halo
    this.guard = Tensor.strideFor(grid.positionsOfImage());
    long size = 2L * guard + (long) rows * Tensor.strideFor(grid.positions(maxImages));
    this.buffer = backend.memory().allocate(ElementType.FLOAT32, size);
    this.last = view(grid.positions(maxImages));
  }

  private Tensor view(int positions) {
    return new Tensor(buffer, guard, rows, positions, Tensor.strideFor(positions));
  }

  ImageGrid grid() {
    return grid;
  }

  int rows() {
    return rows;
  }

  Tensor images(int count) {
    int positions = grid.positions(count);
    if (last.positions() != positions) {
      last = view(positions);
    }
    return last;
  }

  @Override
  public Tensor like(Tensor x) {
    return images(grid.images(x));
  }

  /** What fills up rows counts too: it has to stay zero, like all that is not a pixel. */
  @Override
  public Tensor counted(Tensor x) {
    return new Tensor(x.buffer(), x.offset(), x.rows(), x.stride(), x.stride());
  }

  @Override
  public void close() {
    buffer.close();
  }
}
