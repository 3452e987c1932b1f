/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.tensor;

/**
 * How images lie in the rows of a tensor: image after image, each {@code lines} lines of {@code
 * pitch} positions, its pixels at the beginning of the first {@code height} lines. Pixel (y, x) of
 * image n is position {@code (n * lines + y) * pitch + x}.
 *
 * <p>What is not a pixel is the halo and holds zero: so a tap of a convolution is a constant offset
 * into memory. The zeros behind a line are those before the next, and the zeros behind an image
 * those before the next image.
 *
 * @param height of an image
 * @param width of an image
 * @param lines at least height
 * @param pitch at least width
 */
public record ImageGrid(int height, int width, int lines, int pitch) {

  /** Checks the sizes. */
  public ImageGrid {
    if (height < 1 || width < 1 || lines < height || pitch < width) {
      throw new IllegalArgumentException(
          "images of %d x %d in %d lines of %d".formatted(height, width, lines, pitch));
    }
  }

  /** Returns the grid without a halo. */
  public static ImageGrid dense(int height, int width) {
    return new ImageGrid(height, width, height, width);
  }

  /** Returns the same pixels in a halo that is large enough for both. */
  public ImageGrid widened(int leastLines, int leastPitch) {
    return new ImageGrid(height, width, Math.max(lines, leastLines), Math.max(pitch, leastPitch));
  }

  /** Tells whether there is no halo. */
  public boolean isDense() {
    return lines == height && pitch == width;
  }

  /** Returns the pixels of an image. */
  public int pixels() {
    return height * width;
  }

  /** Returns the positions of an image. */
  public int positionsOfImage() {
    return lines * pitch;
  }

  /** Returns the positions of so many images. */
  public int positions(int images) {
    return Math.multiplyExact(images, positionsOfImage());
  }

  /**
   * Returns how many images a tensor holds.
   *
   * @throws IllegalArgumentException if it holds a part of one
   */
  public int images(Tensor tensor) {
    if (tensor.positions() % positionsOfImage() != 0) {
      throw new IllegalArgumentException(
          "%d positions are not a number of images of %d"
              .formatted(tensor.positions(), positionsOfImage()));
    }
    return tensor.positions() / positionsOfImage();
  }

  /** Returns whether a position of an image, from 0, is a pixel. */
  public boolean isPixel(int position) {
    int inImage = position % positionsOfImage();
    return inImage / pitch < height && inImage % pitch < width;
  }
}
