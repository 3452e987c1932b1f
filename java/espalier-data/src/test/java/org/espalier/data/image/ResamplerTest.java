/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ResamplerTest {

  static PixelImage picture(int width, int height, int channels, int... samples) {
    byte[] pixels = new byte[samples.length];
    for (int i = 0; i < samples.length; i++) {
      pixels[i] = (byte) samples[i];
    }
    return new PixelImage(width, height, channels, pixels);
  }

  /** Returns a picture that is different everywhere. */
  static PixelImage counting(int width, int height, int channels) {
    int[] samples = new int[width * height * channels];
    Arrays.setAll(samples, i -> i * 31 & 0xff);
    return picture(width, height, channels, samples);
  }

  private static PixelImage resize(PixelImage image, int width, int height) {
    return Resampler.resize(image, Box.all(image), width, height, new Box(0, 0, width, height));
  }

  @Test
  void shrinkingAveragesWithATriangleAsWideAsTwoTargetPixels() {
    // Left: (0.75 * 0 + 0.75 * 100 + 0.25 * 200) / 1.75; right: (25 + 150 + 30) / 1.75.
    PixelImage row = resize(picture(4, 1, 1, 0, 100, 200, 40), 2, 1);
    assertArrayEquals(new byte[] {71, 117}, row.pixels());
    PixelImage column = resize(picture(1, 4, 1, 0, 100, 200, 40), 1, 2);
    assertArrayEquals(new byte[] {71, 117}, column.pixels());
  }

  @Test
  void growingIsBilinear() {
    PixelImage row = resize(picture(2, 1, 1, 0, 100), 4, 1);
    assertArrayEquals(new byte[] {0, 25, 75, 100}, row.pixels());
  }

  @Test
  void oneColorStaysWhatItIs() {
    int[] samples = new int[3 * 17 * 13];
    Arrays.fill(samples, 255);
    PixelImage white = picture(17, 13, 3, samples);
    for (int side : new int[] {1, 5, 13, 40}) {
      for (byte sample : resize(white, side, side).pixels()) {
        assertEquals(-1, sample);
      }
    }
  }

  @Test
  void aWindowIsAPartOfTheWhole() {
    PixelImage image = counting(19, 11, 3);
    Box part = new Box(3, 2, 14, 9);
    Box window = new Box(2, 1, 5, 3);
    PixelImage whole = Resampler.resize(image, part, 8, 6, new Box(0, 0, 8, 6));
    PixelImage seen = Resampler.resize(image, part, 8, 6, window);
    assertArrayEquals(whole.crop(window).pixels(), seen.pixels());
  }

  @Test
  void aPartIsResizedAsIfTheRestWereNotThere() {
    PixelImage image = counting(19, 11, 2);
    Box part = new Box(3, 2, 14, 9);
    PixelImage alone = image.crop(part);
    Box all = new Box(0, 0, 6, 20);
    assertArrayEquals(
        Resampler.resize(alone, Box.all(alone), 6, 20, all).pixels(),
        Resampler.resize(image, part, 6, 20, all).pixels());
  }

  @Test
  void sameSizeIsACut() {
    PixelImage image = counting(5, 4, 1);
    Box part = new Box(1, 1, 3, 2);
    PixelImage same = Resampler.resize(image, part, 3, 2, new Box(1, 0, 2, 2));
    assertArrayEquals(image.crop(new Box(2, 1, 2, 2)).pixels(), same.pixels());
  }

  @Test
  void evaluationTakesTheMiddleOfTheShorterSide() {
    // 8 x 4 with shorter side 4 stays; the middle 2 x 2 begins at column 3, row 1.
    PixelImage image = counting(8, 4, 1);
    PixelImage middle = new Frame(2, 2, 4).evaluation(image);
    assertArrayEquals(image.crop(new Box(3, 1, 2, 2)).pixels(), middle.pixels());
    PixelImage larger = new Frame(6, 6, 8).evaluation(counting(4, 7, 3));
    assertEquals(6 * 6 * 3, larger.pixels().length);
  }

  @Test
  void picturesOfOneRowAreFramedToo() {
    PixelImage line = counting(3_000_000, 1, 1);
    assertEquals(64, new Frame(8, 8, 1000).evaluation(line).pixels().length);
  }
}
