/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.WritableRaster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import org.espalier.UserException;
import org.espalier.sparse.Keys;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ImageDecoderTest {

  private final ImageDecoder colors = Pictures.decoder(3);
  private final ImageDecoder grey = Pictures.decoder(1);

  @AfterEach
  void close() {
    colors.close();
    grey.close();
  }

  private PixelImage decode(byte[] file) {
    return colors.decode("it", file);
  }

  private static void assertPixel(PixelImage image, int y, int x, int tolerance, int... expected) {
    assertEquals(expected.length, image.channels());
    for (int c = 0; c < expected.length; c++) {
      assertEquals(expected[c], image.at(c, y, x), tolerance, "channel " + c);
    }
  }

  @Test
  void colorsOfJpegAreThoseOfThePlatform() throws IOException {
    BufferedImage drawn = Pictures.gradient(37, 23, 5);
    for (byte[] file : new byte[][] {Pictures.jpeg(drawn), Pictures.progressive(drawn)}) {
      BufferedImage expected = ImageIO.read(new ByteArrayInputStream(file));
      PixelImage image = decode(file);
      assertEquals(37, image.width());
      assertEquals(23, image.height());
      for (int y = 0; y < 23; y++) {
        for (int x = 0; x < 37; x++) {
          int rgb = expected.getRGB(x, y);
          assertPixel(image, y, x, 1, rgb >> 16 & 0xff, rgb >> 8 & 0xff, rgb & 0xff);
        }
      }
    }
  }

  @Test
  void greyJpegFillsAllChannels() {
    BufferedImage drawn = new BufferedImage(9, 8, BufferedImage.TYPE_BYTE_GRAY);
    for (int i = 0; i < 72; i++) {
      drawn.getRaster().setSample(i % 9, i / 9, 0, 100);
    }
    byte[] file = Pictures.jpeg(drawn);
    assertPixel(decode(file), 3, 4, 1, 100, 100, 100);
    assertPixel(grey.decode("it", file), 3, 4, 1, 100);
  }

  @Test
  void threeComponentsWithoutHeaderAreBrightnessAndColorDifferences() {
    // Y = 100, Cb = 128 - 20, Cr = 128 + 50: R = Y + 1.402 * 50, B = Y - 1.772 * 20.
    byte[] file = Pictures.components(16, 16, 100, 108, 178);
    assertPixel(decode(file), 8, 8, 2, 170, 71, 65);
    byte[] rgb = Pictures.withSegment(file, 0xee, Pictures.adobe(0));
    assertPixel(decode(rgb), 8, 8, 2, 100, 108, 178);
  }

  @Test
  void fourComponentsAreInksStoredInAdobesWay() {
    // Stored 200 of 255 means 55 of ink; black 128 halves what is left.
    byte[] plain = Pictures.components(16, 16, 200, 100, 255, 128);
    assertPixel(decode(plain), 5, 5, 2, 100, 50, 128);
    byte[] marked = Pictures.withSegment(plain, 0xee, Pictures.adobe(0));
    assertPixel(decode(marked), 5, 5, 2, 100, 50, 128);
    assertPixel(grey.decode("it", plain), 5, 5, 2, 74); // 0.299 * 100 + 0.587 * 50 + 0.114 * 128
  }

  @Test
  void inksAsBrightnessAndColorDifferencesAreTurnedBack() {
    // YCCK: Y = 55 and no colour is ink of 55 stored as 200, all without black.
    byte[] file =
        Pictures.withSegment(
            Pictures.components(16, 16, 55, 128, 128, 255), 0xee, Pictures.adobe(2));
    assertPixel(decode(file), 5, 5, 2, 200, 200, 200);
    byte[] half =
        Pictures.withSegment(
            Pictures.components(16, 16, 55, 128, 128, 51), 0xee, Pictures.adobe(2));
    assertPixel(decode(half), 5, 5, 2, 40, 40, 40);
  }

  @Test
  void orientationTagsAreIgnored() {
    byte[] exif =
        "Exif\0\0MM\0*\0\0\0\10\0\1\1\22\0\3\0\0\0\1\0\6\0\0\0\0\0\0"
            .getBytes(StandardCharsets.ISO_8859_1);
    byte[] file = Pictures.withSegment(Pictures.jpeg(Pictures.gradient(20, 10, 1)), 0xe1, exif);
    PixelImage image = decode(file);
    assertEquals(20, image.width());
    assertEquals(10, image.height());
  }

  @Test
  void pngIsExact() {
    BufferedImage drawn = Pictures.gradient(7, 5, 3);
    PixelImage image = decode(Pictures.png(drawn));
    assertPixel(image, 4, 6, 0, 255 * 6 / 7, 255 * 4 / 5, 111);
    assertPixel(grey.decode("it", Pictures.png(Pictures.solid(2, 2, 0x0a64c8))), 1, 1, 0, 84);
  }

  @Test
  void transparentPngLiesOverBlack() {
    BufferedImage drawn = new BufferedImage(2, 1, BufferedImage.TYPE_INT_ARGB);
    drawn.setRGB(0, 0, 0x80ff8000);
    drawn.setRGB(1, 0, 0x00ffffff);
    PixelImage image = decode(Pictures.png(drawn));
    assertPixel(image, 0, 0, 0, 128, 64, 0);
    assertPixel(image, 0, 1, 0, 0, 0, 0);
  }

  @Test
  void greyPngWithAlphaLiesOverBlack() {
    ImageTypeSpecifier type =
        ImageTypeSpecifier.createGrayscale(8, java.awt.image.DataBuffer.TYPE_BYTE, false, false);
    BufferedImage drawn = type.createBufferedImage(2, 1);
    drawn.getRaster().setPixel(0, 0, new int[] {200, 255});
    drawn.getRaster().setPixel(1, 0, new int[] {200, 51});
    PixelImage image = decode(Pictures.png(drawn));
    assertPixel(image, 0, 0, 0, 200, 200, 200);
    assertPixel(image, 0, 1, 0, 40, 40, 40);
  }

  @Test
  void palettesAreLookedUp() {
    byte[] reds = {0, 10, 20, 30};
    byte[] greens = {0, 50, 60, 70};
    byte[] blues = {0, (byte) 200, (byte) 210, (byte) 220};
    IndexColorModel palette = new IndexColorModel(2, 4, reds, greens, blues);
    BufferedImage drawn = new BufferedImage(5, 1, BufferedImage.TYPE_BYTE_BINARY, palette);
    WritableRaster raster = drawn.getRaster();
    raster.setSample(4, 0, 0, 2);
    assertPixel(decode(Pictures.png(drawn)), 0, 4, 0, 20, 60, 210);
    assertPixel(decode(Pictures.png(drawn)), 0, 3, 0, 0, 0, 0);
  }

  @Test
  void sixteenBitsBecomeEight() {
    BufferedImage drawn = new BufferedImage(3, 1, BufferedImage.TYPE_USHORT_GRAY);
    drawn.getRaster().setSample(0, 0, 0, 65535);
    drawn.getRaster().setSample(1, 0, 0, 100 * 257);
    drawn.getRaster().setSample(2, 0, 0, 100 * 257 + 129);
    PixelImage image = decode(Pictures.png(drawn));
    assertPixel(image, 0, 0, 0, 255, 255, 255);
    assertPixel(image, 0, 1, 0, 100, 100, 100);
    assertPixel(image, 0, 2, 0, 101, 101, 101);
  }

  private String failure(byte[] file) {
    return assertThrows(UserException.class, () -> colors.decode("a/b.jpg", file)).getMessage();
  }

  @Test
  void whatIsNoImageIsSaidSo() {
    assertEquals("a/b.jpg: the file is empty; expected a JPEG or PNG image.", failure(new byte[0]));
    assertEquals(
        "a/b.jpg: its first bytes are not those of an image; expected a JPEG or PNG.",
        failure("GIF89a".getBytes(StandardCharsets.US_ASCII)));
    assertTrue(failure(new byte[] {(byte) 0xff, (byte) 0xd8, (byte) 0xff}).startsWith("a/b.jpg: "));
  }

  @Test
  void truncatedFilesAreNoticedWhereverTheyEnd() {
    BufferedImage drawn = Pictures.gradient(64, 48, 3);
    for (byte[] file :
        new byte[][] {Pictures.jpeg(drawn), Pictures.progressive(drawn), Pictures.png(drawn)}) {
      decode(file);
      int dataEnd = file.length - (file[0] == (byte) 0xff ? 1 : 20);
      for (int length = 4; length < dataEnd; length += 7) {
        String message = failure(Arrays.copyOf(file, length));
        assertTrue(message.startsWith("a/b.jpg: the image is "), message);
      }
      String half = failure(Arrays.copyOf(file, file.length / 2));
      if (file[0] == (byte) 0xff) {
        assertEquals(
            "a/b.jpg: the image is truncated after %d bytes; expected more data."
                .formatted(file.length / 2),
            half);
      }
      decode(file);
    }
  }

  @Test
  void picturesThatUnpackToGigabytesAreRefusedByTheirHeader() {
    assertEquals(
        "a/b.jpg: the image has 60000 x 50000 pixels, expected at most 1000000 in all; raise the limit if it is genuine.",
        failure(Pictures.hugePng(60000, 50000)));
    byte[] jpeg = Pictures.jpeg(Pictures.solid(8, 8, 0));
    for (int at = 0; at < jpeg.length; at++) {
      if (jpeg[at] == (byte) 0xff && jpeg[at + 1] == (byte) 0xc0) {
        Arrays.fill(jpeg, at + 5, at + 9, (byte) 0xf0);
        break;
      }
    }
    assertTrue(failure(jpeg).contains("the image has 61680 x 61680 pixels"), failure(jpeg));
  }

  @Test
  void damagedFilesGiveAPictureOrASentence() {
    byte[][] sound = {
      Pictures.jpeg(Pictures.gradient(24, 24, 7)),
      Pictures.components(16, 16, 1, 2, 3, 4),
      Pictures.png(Pictures.gradient(24, 24, 7))
    };
    for (int round = 0; round < 900; round++) {
      byte[] file = sound[round % sound.length].clone();
      for (int i = 0; i < 1 + round % 4; i++) {
        long bits = Keys.of(9, round, i);
        file[(int) Long.remainderUnsigned(bits, file.length)] = (byte) (bits >>> 40);
      }
      try {
        decode(file);
      } catch (UserException e) {
        assertTrue(e.getMessage().startsWith("it: "), e.getMessage());
      }
    }
    decode(sound[0]);
  }

  @Test
  void aDecoderIsTheSameWhateverItReadBefore() {
    byte[] jpeg = Pictures.jpeg(Pictures.gradient(33, 21, 2));
    PixelImage first = decode(jpeg);
    decode(Pictures.png(Pictures.solid(3, 3, 0x123456)));
    failure(Arrays.copyOf(jpeg, 300));
    assertArrayEquals(first.pixels(), decode(jpeg).pixels());
  }
}
