/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data.image;

/** The single changes of colour, in place; every one rounds to bytes. */
final class ColorChange {

  private ColorChange() {}

  /** Multiplies all samples. */
  static void brightness(PixelImage image, double factor) {
    blend(image, 0, factor);
  }

  /** Moves all samples away from the picture's mean grey, or towards it. */
  static void contrast(PixelImage image, double factor) {
    int pixels = image.width() * image.height();
    long sum = 0;
    for (int i = 0; i < pixels; i++) {
      sum += grey(image, i);
    }
    blend(image, (int) ((double) sum / pixels + 0.5), factor);
  }

  private static void blend(PixelImage image, int origin, double factor) {
    byte[] changed = new byte[256];
    for (int v = 0; v < changed.length; v++) {
      changed[v] = round(origin + factor * (v - origin));
    }
    byte[] samples = image.pixels();
    for (int i = 0; i < samples.length; i++) {
      samples[i] = changed[samples[i] & 0xff];
    }
  }

  /** Moves each pixel away from its own grey, or towards it. */
  static void saturation(PixelImage image, double factor) {
    int pixels = image.width() * image.height();
    byte[] samples = image.pixels();
    for (int i = 0; i < pixels; i++) {
      int grey = grey(image, i);
      for (int at = i; at < samples.length; at += pixels) {
        samples[at] = round(grey + factor * ((samples[at] & 0xff) - grey));
      }
    }
  }

  /** Turns the colour circle (red, green, blue, red) by a share of it; value and chroma stay. */
  static void hue(PixelImage image, double share) {
    int pixels = image.width() * image.height();
    byte[] samples = image.pixels();
    for (int i = 0; i < pixels; i++) {
      int red = samples[i] & 0xff;
      int green = samples[i + pixels] & 0xff;
      int blue = samples[i + 2 * pixels] & 0xff;
      int most = Math.max(red, Math.max(green, blue));
      int chroma = most - Math.min(red, Math.min(green, blue));
      if (chroma > 0) {
        double turned = sixths(red, green, blue, most, chroma) + 6 * share + 6;
        samples[i] = channel(most, chroma, turned + 5);
        samples[i + pixels] = channel(most, chroma, turned + 3);
        samples[i + 2 * pixels] = channel(most, chroma, turned + 1);
      }
    }
  }

  /** Returns the hue in sixths of the circle from red. */
  private static double sixths(int red, int green, int blue, int most, int chroma) {
    if (most == red) {
      return (double) (green - blue) / chroma;
    }
    return most == green ? 2 + (double) (blue - red) / chroma : 4 + (double) (red - green) / chroma;
  }

  /** Returns a channel, given the hue counted from where that channel is least for longest. */
  private static byte channel(int most, int chroma, double sixths) {
    double within = sixths - 6 * Math.floor(sixths / 6);
    double fall = Math.max(0, Math.min(1, Math.min(within, 4 - within)));
    return round(most - chroma * fall);
  }

  private static int grey(PixelImage image, int pixel) {
    byte[] samples = image.pixels();
    int red = samples[pixel] & 0xff;
    if (image.channels() == 1) {
      return red;
    }
    int pixels = image.width() * image.height();
    return Luma.of(red, samples[pixel + pixels] & 0xff, samples[pixel + 2 * pixels] & 0xff);
  }

  private static byte round(double value) {
    return (byte) Math.max(0, Math.min(255, (int) (value + 0.5)));
  }
}
