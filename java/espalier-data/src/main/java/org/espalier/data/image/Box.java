/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data.image;

/**
 * A rectangle of pixels: columns {@code [left, left + width)}, rows {@code [top, top + height)}.
 */
record Box(int left, int top, int width, int height) {

  /** Returns all of an image. */
  static Box all(PixelImage image) {
    return new Box(0, 0, image.width(), image.height());
  }
}
