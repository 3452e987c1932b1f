/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.conformance;

import org.espalier.tensor.ImageGrid;
import org.espalier.tensor.Tensor;

/**
 * The images of a case.
 *
 * @param channels rows
 * @param images in a row
 * @param capacity images that a row has room for
 * @param lines of the grid beyond the height
 * @param columns of the grid beyond the width
 */
record ImageShape(
    int channels, int images, int capacity, int height, int width, int lines, int columns) {

  static ImageShape of(int channels, int images, int height, int width, int lines, int columns) {
    return new ImageShape(channels, images, images, height, width, lines, columns);
  }

  ImageGrid grid() {
    return new ImageGrid(height, width, height + lines, width + columns);
  }

  /** Returns the same images in another halo. */
  ImageShape in(int otherLines, int otherColumns) {
    return new ImageShape(channels, images, capacity, height, width, otherLines, otherColumns);
  }

  /** Returns images of another size, in another halo. */
  ImageShape sized(int newHeight, int newWidth, int otherLines, int otherColumns) {
    return new ImageShape(
        channels, images, capacity, newHeight, newWidth, otherLines, otherColumns);
  }

  int stride() {
    return Tensor.strideFor(grid().positions(capacity));
  }

  /** Returns the pixels of a row. */
  int pixels() {
    return images * grid().pixels();
  }

  /** Returns the pixels of all rows. */
  int allPixels() {
    return channels * pixels();
  }

  /** Returns the bytes of all rows. */
  long bytes() {
    return 4L * channels * grid().positions(images);
  }

  /** Returns random pixels in [-1, 1] to read. */
  Tensor random(Workspace workspace) {
    return of(workspace, workspace.random(allPixels(), 1));
  }

  /** Returns these pixels to read. */
  Tensor of(Workspace workspace, float[] pixels) {
    return workspace.barePixels(channels, images, grid(), stride(), pixels);
  }

  /** Returns random pixels in [-1, 1] to read and then overwrite. */
  Tensor inPlace(Workspace workspace) {
    float[] pixels = workspace.random(allPixels(), 1);
    return workspace.pixelsInPlace(channels, images, grid(), stride(), pixels);
  }

  /** Returns images to overwrite. */
  Tensor blank(Workspace workspace) {
    return workspace.blankImages(channels, images, grid(), stride());
  }

  @Override
  public String toString() {
    String room = capacity == images ? "" : " of " + capacity;
    return "%dx%d%s images of %dx%d+%d+%d"
        .formatted(channels, images, room, height, width, lines, columns);
  }
}
