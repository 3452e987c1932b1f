/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data.image;

import org.espalier.UserException;

/**
 * Pads a picture on all sides and cuts its own size out again at a random place: the crop that
 * CIFAR is trained with.
 *
 * @param padding pixels on each side, at least 1
 * @param border what the padding holds
 */
public record PaddedCrop(int padding, Border border) {

  /** Checks the padding. */
  public PaddedCrop {
    if (padding < 1) {
      throw new UserException(
          "The padding of a random crop is " + padding + ", expected at least 1 pixel.");
    }
  }

  PixelImage apply(PixelImage image, Chance chance) {
    int dx = chance.below(2 * padding + 1) - padding;
    int dy = chance.below(2 * padding + 1) - padding;
    return image.shifted(dx, dy, border);
  }
}
