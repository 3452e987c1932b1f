/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data.image;

import org.espalier.UserException;

/**
 * Turns a picture about its middle and shifts it, both uniformly at random in either direction.
 * Turned pictures are read bilinearly; a shift is by whole pixels.
 *
 * @param degrees largest turn, 0 to 180
 * @param shift largest shift as a share of width and of height, 0 to 1
 * @param border what comes in from outside
 */
public record Movement(double degrees, double shift, Border border) {

  /** Checks the ranges. */
  public Movement {
    if (!(degrees >= 0 && degrees <= 180)) {
      throw new UserException(
          "The rotation of images is " + degrees + " degrees, expected 0 to 180.");
    }
    if (!(shift >= 0 && shift <= 1)) {
      throw new UserException(
          "The shift of images is " + shift + ", expected a share of their size from 0 to 1.");
    }
  }

  PixelImage apply(PixelImage image, Chance chance) {
    double turn = chance.between(-degrees, degrees);
    int dx = (int) Math.rint(chance.between(-shift, shift) * image.width());
    int dy = (int) Math.rint(chance.between(-shift, shift) * image.height());
    return move(image, turn, dx, dy);
  }

  /**
   * Returns the picture turned counter-clockwise by {@code turn} degrees and then shifted to the
   * right and down.
   */
  PixelImage move(PixelImage image, double turn, int dx, int dy) {
    if (turn == 0) {
      return dx == 0 && dy == 0 ? image : image.shifted(-dx, -dy, border);
    }
    // StrictMath: the same bits on every machine.
    double cos = StrictMath.cos(StrictMath.toRadians(turn));
    double sin = StrictMath.sin(StrictMath.toRadians(turn));
    double middleX = (image.width() - 1) / 2.0;
    double middleY = (image.height() - 1) / 2.0;
    PixelImage out = PixelImage.black(image.width(), image.height(), image.channels());
    for (int y = 0; y < image.height(); y++) {
      for (int x = 0; x < image.width(); x++) {
        double right = x - dx - middleX;
        double down = y - dy - middleY;
        double fromX = middleX + cos * right - sin * down;
        double fromY = middleY + sin * right + cos * down;
        bilinear(image, fromX, fromY, out.pixels(), y * image.width() + x);
      }
    }
    return out;
  }

  /** Reads all channels between four pixels, and writes them from {@code target[at]} on. */
  private void bilinear(PixelImage image, double x, double y, byte[] target, int at) {
    int left = (int) Math.floor(x);
    int top = (int) Math.floor(y);
    double right = x - left;
    double bottom = y - top;
    int leftColumn = border.inside(left, image.width());
    int rightColumn = border.inside(left + 1, image.width());
    int upperLine = border.inside(top, image.height());
    int lowerLine = border.inside(top + 1, image.height());
    for (int c = 0; c < image.channels(); c++) {
      double upper =
          (1 - right) * sample(image, c, upperLine, leftColumn)
              + right * sample(image, c, upperLine, rightColumn);
      double lower =
          (1 - right) * sample(image, c, lowerLine, leftColumn)
              + right * sample(image, c, lowerLine, rightColumn);
      target[c * image.width() * image.height() + at] =
          (byte) ((1 - bottom) * upper + bottom * lower + 0.5);
    }
  }

  private static int sample(PixelImage image, int channel, int line, int column) {
    return column < 0 || line < 0 ? 0 : image.at(channel, line, column);
  }
}
