/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data.image;

import java.awt.image.DataBufferByte;
import java.awt.image.Raster;

/**
 * Turns the components of a JPEG, as they are stored, into grey or red, green and blue. Colour
 * profiles are not applied. Four components are inks in Adobe's way, 255 for none, and a colour is
 * what is left of white: ink times black over 255, without a profile, as Pillow has it.
 */
final class JpegPixels {

  private JpegPixels() {}

  /**
   * Returns the picture.
   *
   * @param raster components side by side: 1, 3 or 4
   * @param channels 1 or 3
   */
  static PixelImage of(Raster raster, boolean lumaChroma, int channels) {
    int components = raster.getNumBands();
    byte[] stored = ((DataBufferByte) raster.getDataBuffer()).getData();
    PixelImage image = PixelImage.black(raster.getWidth(), raster.getHeight(), channels);
    if (components == 1) {
      spread(stored, image);
      return image;
    }
    if (lumaChroma) {
      toColors(stored, components);
    }
    if (components == 4) {
      ontoWhite(stored, lumaChroma);
    }
    if (channels == 1) {
      toGrey(stored, components, image.pixels());
    } else {
      toPlanes(stored, components, image.pixels());
    }
    return image;
  }

  private static void spread(byte[] grey, PixelImage image) {
    for (int c = 0; c < image.channels(); c++) {
      System.arraycopy(grey, 0, image.pixels(), c * grey.length, grey.length);
    }
  }

  /** YCbCr to red, green and blue (JFIF), in whole numbers with 16 bits after the point. */
  private static void toColors(byte[] stored, int components) {
    for (int at = 0; at < stored.length; at += components) {
      int luma = stored[at] & 0xff;
      int blue = (stored[at + 1] & 0xff) - 128;
      int red = (stored[at + 2] & 0xff) - 128;
      stored[at] = clip(luma + (91881 * red + 0x8000 >> 16));
      stored[at + 1] = clip(luma + (-22554 * blue - 46802 * red + 0x8000 >> 16));
      stored[at + 2] = clip(luma + (116130 * blue + 0x8000 >> 16));
    }
  }

  private static byte clip(int value) {
    return (byte) Math.max(0, Math.min(255, value));
  }

  /** The colours of YCCK are those of the inks, so the paper shows the opposite. */
  private static void ontoWhite(byte[] stored, boolean inverted) {
    int flip = inverted ? 0xff : 0;
    for (int at = 0; at < stored.length; at += 4) {
      int black = stored[at + 3] & 0xff;
      for (int c = 0; c < 3; c++) {
        int left = (stored[at + c] & 0xff) ^ flip;
        stored[at + c] = (byte) ((left * black + 127) / 255);
      }
    }
  }

  private static void toGrey(byte[] stored, int components, byte[] target) {
    for (int i = 0; i < target.length; i++) {
      int at = i * components;
      target[i] = (byte) Luma.of(stored[at] & 0xff, stored[at + 1] & 0xff, stored[at + 2] & 0xff);
    }
  }

  private static void toPlanes(byte[] stored, int components, byte[] target) {
    int pixels = target.length / 3;
    for (int i = 0; i < pixels; i++) {
      int at = i * components;
      target[i] = stored[at];
      target[pixels + i] = stored[at + 1];
      target[2 * pixels + i] = stored[at + 2];
    }
  }
}
