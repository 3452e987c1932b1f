/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data.image;

import org.espalier.UserException;

/**
 * Takes a random part of a picture and resizes it to the size of the set: Inception's crop, the one
 * that ImageNet is trained with. Area and logarithm of the ratio are uniform; after ten draws that
 * do not fit into the picture its middle is taken, cut to the nearest ratio allowed.
 *
 * @param minArea least share of the picture's area, above 0
 * @param maxArea largest share of the picture's area, at most 1
 * @param minRatio least width over height, above 0
 * @param maxRatio largest width over height
 */
public record ResizedCrop(double minArea, double maxArea, double minRatio, double maxRatio) {

  /** Area 8 to 100 %, ratio 3:4 to 4:3. */
  public static final ResizedCrop STANDARD = new ResizedCrop(0.08, 1, 3.0 / 4, 4.0 / 3);

  private static final int DRAWS = 10;

  /** Checks the ranges. */
  public ResizedCrop {
    if (!(minArea > 0 && minArea <= maxArea && maxArea <= 1)) {
      throw new UserException(
          "The area of a random resized crop is "
              + minArea
              + " to "
              + maxArea
              + ", expected shares above 0 and at most 1, the smaller one first.");
    }
    if (!(minRatio > 0 && minRatio <= maxRatio && maxRatio < Double.POSITIVE_INFINITY)) {
      throw new UserException(
          "The ratio of a random resized crop is "
              + minRatio
              + " to "
              + maxRatio
              + ", expected width over height above 0, the smaller one first.");
    }
  }

  PixelImage apply(PixelImage image, int width, int height, Chance chance) {
    Box part = draw(image.width(), image.height(), chance);
    return Resampler.resize(image, part, width, height, new Box(0, 0, width, height));
  }

  Box draw(int width, int height, Chance chance) {
    double area = (double) width * height;
    double lowest = StrictMath.log(minRatio);
    double highest = StrictMath.log(maxRatio);
    for (int i = 0; i < DRAWS; i++) {
      double wanted = area * chance.between(minArea, maxArea);
      double ratio = StrictMath.exp(chance.between(lowest, highest));
      int w = (int) Math.rint(Math.sqrt(wanted * ratio));
      int h = (int) Math.rint(Math.sqrt(wanted / ratio));
      if (w > 0 && w <= width && h > 0 && h <= height) {
        return new Box(chance.below(width - w + 1), chance.below(height - h + 1), w, h);
      }
    }
    int w = (int) Math.min(width, Math.max(1, Math.rint(height * maxRatio)));
    int h = (int) Math.min(height, Math.max(1, Math.rint(width / minRatio)));
    return new Box((width - w) / 2, (height - h) / 2, w, h);
  }
}
