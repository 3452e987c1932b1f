/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.sparse;

/**
 * The window of a convolution or of pooling.
 *
 * @param height in pixels
 * @param width in pixels
 * @param stride pixels from one window to the next, in both directions
 * @param padding lines and columns of zeros around the image
 */
public record Kernel(int height, int width, int stride, int padding) {

  /** Checks the sizes. */
  public Kernel {
    if (height < 1 || width < 1 || stride < 1 || padding < 0) {
      throw new IllegalArgumentException(
          "kernel of %d x %d, stride %d, padding %d".formatted(height, width, stride, padding));
    }
  }

  /** Returns the kernel that keeps the size of images at stride 1. */
  public static Kernel same(int size, int stride) {
    return new Kernel(size, size, stride, size / 2);
  }

  /**
   * Returns how many windows fit side by side.
   *
   * @param length height or width of the image
   * @param window height or width of the kernel
   * @throws IllegalArgumentException if not even one does
   */
  public int outputs(int length, int window) {
    int room = length + 2 * padding - window;
    if (room < 0) {
      throw new IllegalArgumentException(
          "a kernel of %d over %d pixels and a padding of %d".formatted(window, length, padding));
    }
    return room / stride + 1;
  }
}
