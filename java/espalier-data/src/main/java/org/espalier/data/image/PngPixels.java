/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data.image;

import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;

/**
 * Turns a decoded PNG of any kind into grey or red, green and blue of 8 bits: palettes are looked
 * up, 16 bits are rounded to 8, and what is transparent lies over black. Samples are taken as they
 * are stored, without gamma or profile.
 */
final class PngPixels {

  private PngPixels() {}

  /** Returns the picture with 1 or 3 channels. */
  static PixelImage of(BufferedImage decoded, int channels) {
    Raster raster = decoded.getRaster();
    ColorModel colors = decoded.getColorModel();
    boolean wide = raster.getTransferType() == DataBuffer.TYPE_USHORT;
    int width = decoded.getWidth();
    int pixels = width * decoded.getHeight();
    PixelImage image = PixelImage.black(width, decoded.getHeight(), channels);
    int bands = raster.getNumBands();
    int[] row = new int[width * bands];
    for (int y = 0; y < decoded.getHeight(); y++) {
      raster.getPixels(0, y, width, 1, row);
      for (int x = 0; x < width; x++) {
        int rgb =
            colors instanceof IndexColorModel palette
                ? color(palette.getRGB(row[x]))
                : color(row, x * bands, bands, wide);
        int at = y * width + x;
        if (channels == 1) {
          image.pixels()[at] = (byte) Luma.of(rgb >> 16 & 0xff, rgb >> 8 & 0xff, rgb & 0xff);
        } else {
          image.pixels()[at] = (byte) (rgb >> 16);
          image.pixels()[pixels + at] = (byte) (rgb >> 8);
          image.pixels()[2 * pixels + at] = (byte) rgb;
        }
      }
    }
    return image;
  }

  /** Returns red, green and blue of 8 bits each, over black, of a colour of a palette. */
  private static int color(int argb) {
    return over(argb >>> 24, argb >> 16 & 0xff, argb >> 8 & 0xff, argb & 0xff);
  }

  /** Returns the same of the samples from {@code row[at]} on. */
  private static int color(int[] row, int at, int bands, boolean wide) {
    int red = eight(row[at], wide);
    int green = bands < 3 ? red : eight(row[at + 1], wide);
    int blue = bands < 3 ? red : eight(row[at + 2], wide);
    int alpha = bands % 2 == 0 ? eight(row[at + bands - 1], wide) : 255;
    return over(alpha, red, green, blue);
  }

  /** Returns a 16-bit sample over 257, rounded. */
  private static int eight(int sample, boolean wide) {
    return wide ? sample * 255 + 32895 >> 16 : sample;
  }

  private static int over(int alpha, int red, int green, int blue) {
    return share(red, alpha) << 16 | share(green, alpha) << 8 | share(blue, alpha);
  }

  private static int share(int color, int alpha) {
    return (color * alpha + 127) / 255;
  }
}
