/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data.image;

import java.util.Arrays;

/**
 * Resizes pictures, bilinear when they grow and averaging over what falls into a pixel when they
 * shrink: a triangle filter as wide as two target pixels, columns first, then rows, both in whole
 * numbers and rounded to bytes. That is what Pillow and torchvision (with antialiasing) do, on
 * every machine with the same bits.
 */
final class Resampler {

  /** Bits after the point of a weight; a weighted byte stays below 2^31. */
  private static final int POINT = 22;

  private static final int HALF = 1 << POINT - 1;

  private Resampler() {}

  /**
   * Returns a window of a resized part of a picture. Nothing outside the part is looked at.
   *
   * @param part what is resized
   * @param width columns that the part gets
   * @param height rows that the part gets
   * @param window which of these pixels are returned
   */
  static PixelImage resize(PixelImage image, Box part, int width, int height, Box window) {
    if (part.width() == width && part.height() == height) {
      return image.crop(
          new Box(
              part.left() + window.left(),
              part.top() + window.top(),
              window.width(),
              window.height()));
    }
    Taps columns = Taps.of(part.width(), width, window.left(), window.width());
    Taps rows = Taps.of(part.height(), height, window.top(), window.height());
    int firstRow = rows.first[0];
    int endRow = rows.first[window.height() - 1] + rows.count[window.height() - 1];
    int lines = endRow - firstRow;
    byte[] narrow = new byte[lines * window.width()];
    int[] sums = new int[window.width()];
    PixelImage out = PixelImage.black(window.width(), window.height(), image.channels());
    for (int c = 0; c < image.channels(); c++) {
      for (int y = 0; y < lines; y++) {
        int from = (c * image.height() + part.top() + firstRow + y) * image.width() + part.left();
        columns.alongRow(image.pixels(), from, narrow, y * window.width());
      }
      for (int y = 0; y < window.height(); y++) {
        Arrays.fill(sums, HALF);
        for (int k = 0; k < rows.count[y]; k++) {
          int line = rows.first[y] - firstRow + k;
          add(narrow, line * sums.length, rows.weights[y * rows.stride + k], sums);
        }
        store(sums, out.pixels(), (c * window.height() + y) * sums.length);
      }
    }
    return out;
  }

  private static void add(byte[] line, int from, int weight, int[] sums) {
    for (int x = 0; x < sums.length; x++) {
      sums[x] += (line[from + x] & 0xff) * weight;
    }
  }

  private static void store(int[] sums, byte[] target, int at) {
    for (int x = 0; x < sums.length; x++) {
      target[at + x] = (byte) Math.min(255, sums[x] >> POINT);
    }
  }

  /**
   * What each target pixel of one direction is made of.
   *
   * @param first its first source pixel
   * @param count how many follow on
   * @param weights their weights, {@code stride} for each target pixel
   */
  private record Taps(int[] first, int[] count, int[] weights, int stride) {

    static Taps of(int source, int target, int from, int length) {
      double scale = (double) source / target;
      double reach = Math.max(1, scale);
      int stride = 2 * (int) Math.ceil(reach) + 1;
      Taps taps = new Taps(new int[length], new int[length], new int[length * stride], stride);
      double[] share = new double[stride];
      for (int i = 0; i < length; i++) {
        double centre = (from + i + 0.5) * scale;
        int first = (int) Math.max(0, centre - reach + 0.5);
        int count = (int) Math.min(source, centre + reach + 0.5) - first;
        double total = 0;
        for (int k = 0; k < count; k++) {
          share[k] = Math.max(0, 1 - Math.abs((first + k - centre + 0.5) / reach));
          total += share[k];
        }
        for (int k = 0; k < count; k++) {
          taps.weights[i * stride + k] = (int) (share[k] / total * (1 << POINT) + 0.5);
        }
        taps.first[i] = first;
        taps.count[i] = count;
      }
      return taps;
    }

    void alongRow(byte[] source, int from, byte[] target, int at) {
      for (int x = 0; x < first.length; x++) {
        int sum = HALF;
        int tap = x * stride;
        int pixel = from + first[x];
        for (int k = 0; k < count[x]; k++) {
          sum += (source[pixel + k] & 0xff) * weights[tap + k];
        }
        target[at + x] = (byte) Math.min(255, sum >> POINT);
      }
    }
  }
}
