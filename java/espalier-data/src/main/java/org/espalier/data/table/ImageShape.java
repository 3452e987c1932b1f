/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data.table;

/**
 * The shape of the image that the features of a row make up. Features are channel-major: the pixel
 * at row {@code y} and column {@code x} of channel {@code c} is feature {@code (c * height + y) *
 * width + x}.
 */
public record ImageShape(int height, int width, int channels) {

  /** Returns the number of features: height x width x channels. */
  public int features() {
    return height * width * channels;
  }
}
