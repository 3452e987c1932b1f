/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data.image;

import java.util.Arrays;

/**
 * A picture in memory, one unsigned byte a sample.
 *
 * @param width columns
 * @param height rows
 * @param channels 1 for grey, 3 for red, green and blue
 * @param pixels channel-major as {@link org.espalier.data.table.ImageShape} has it; used, not
 *     copied
 */
public record PixelImage(int width, int height, int channels, byte[] pixels) {

  /** Returns a black picture. */
  static PixelImage black(int width, int height, int channels) {
    return new PixelImage(width, height, channels, new byte[width * height * channels]);
  }

  /** Returns a sample, 0 to 255. */
  int at(int channel, int y, int x) {
    return pixels[(channel * height + y) * width + x] & 0xff;
  }

  /** Returns a part of the picture; the picture itself if that is all of it. */
  PixelImage crop(Box box) {
    if (box.equals(Box.all(this))) {
      return this;
    }
    PixelImage part = black(box.width(), box.height(), channels);
    for (int c = 0; c < channels; c++) {
      for (int y = 0; y < box.height(); y++) {
        int from = (c * height + box.top() + y) * width + box.left();
        System.arraycopy(
            pixels, from, part.pixels, (c * box.height() + y) * box.width(), box.width());
      }
    }
    return part;
  }

  /** Returns a picture of the same size whose top left pixel is the one at column dx, row dy. */
  PixelImage shifted(int dx, int dy, Border border) {
    PixelImage out = black(width, height, channels);
    int[] columns = new int[width];
    Arrays.setAll(columns, x -> border.inside(x + dx, width));
    for (int row = 0; row < channels * height; row++) {
      int y = row % height;
      int line = border.inside(y + dy, height);
      int from = (row - y + line) * width;
      for (int x = 0; line >= 0 && x < width; x++) {
        if (columns[x] >= 0) {
          out.pixels[row * width + x] = pixels[from + columns[x]];
        }
      }
    }
    return out;
  }
}
