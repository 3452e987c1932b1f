/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.nn;

/**
 * What a layer makes of one sample: images, or features without a place.
 *
 * @param channels channels of the images, or the number of features
 * @param height of the images; 0 for features
 * @param width of the images; 0 for features
 */
public record SampleShape(int channels, int height, int width) {

  /** Checks the sizes. */
  public SampleShape {
    if (channels < 1 || height < 0 || (height == 0) != (width == 0)) {
      throw new IllegalArgumentException(
          "samples of %d x %d x %d".formatted(channels, height, width));
    }
  }

  /** Returns features without a place. */
  public static SampleShape features(int count) {
    return new SampleShape(count, 0, 0);
  }

  /** Tells whether these are images. */
  public boolean isImages() {
    return height > 0;
  }

  /** Returns the numbers of a sample. */
  public int size() {
    return isImages() ? Math.multiplyExact(channels, pixels()) : channels;
  }

  /** Returns the places of a channel: pixels, or 1. */
  public int pixels() {
    return isImages() ? Math.multiplyExact(height, width) : 1;
  }

  @Override
  public String toString() {
    return isImages()
        ? "%d x %d x %d".formatted(channels, height, width)
        : "%d features".formatted(channels);
  }
}
