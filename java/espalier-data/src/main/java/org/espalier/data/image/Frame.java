/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data.image;

/**
 * The size that all pictures get, and how they get it without chance: resized so that the shorter
 * side has {@code shorter} pixels, of which the middle is taken.
 *
 * @param width columns
 * @param height rows
 * @param shorter the shorter side before the middle is cut out; 0 if the pictures have the size
 *     already
 */
public record Frame(int width, int height, int shorter) {

  /** Returns the whole or the middle of a picture at the frame's size. */
  PixelImage evaluation(PixelImage image) {
    if (shorter == 0) {
      return image;
    }
    int least = Math.min(image.width(), image.height());
    int resizedWidth = resized(image.width(), least);
    int resizedHeight = resized(image.height(), least);
    Box middle =
        new Box(
            (int) Math.rint((resizedWidth - width) / 2.0),
            (int) Math.rint((resizedHeight - height) / 2.0),
            width,
            height);
    return Resampler.resize(image, Box.all(image), resizedWidth, resizedHeight, middle);
  }

  private int resized(int side, int least) {
    return (int) Math.min(Integer.MAX_VALUE, (long) side * shorter / least);
  }
}
