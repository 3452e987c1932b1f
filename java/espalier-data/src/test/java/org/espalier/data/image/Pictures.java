/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data.image;

import java.awt.Point;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;
import java.util.zip.CRC32;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/** Makes small image files. */
public final class Pictures {

  private Pictures() {}

  /** Returns a decoder of small pictures. */
  static ImageDecoder decoder(int channels) {
    return new ImageDecoder(channels, 1_000_000, new ReentrantLock());
  }

  /** Returns a picture of one colour. */
  public static BufferedImage solid(int width, int height, int rgb) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        image.setRGB(x, y, rgb);
      }
    }
    return image;
  }

  /** Returns a picture whose colours change slowly from corner to corner. */
  public static BufferedImage gradient(int width, int height, int seed) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int red = 255 * x / width;
        int green = 255 * y / height;
        image.setRGB(x, y, red << 16 | green << 8 | (seed * 37 & 0xff));
      }
    }
    return image;
  }

  /** Returns a JPEG with the platform's header (JFIF). */
  public static byte[] jpeg(BufferedImage image) {
    return write("jpeg", new IIOImage(image, null, null), null);
  }

  /** Returns a PNG. */
  public static byte[] png(BufferedImage image) {
    return write("png", new IIOImage(image, null, null), null);
  }

  static byte[] progressive(BufferedImage image) {
    ImageWriteParam param =
        ImageIO.getImageWritersByFormatName("jpeg").next().getDefaultWriteParam();
    param.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
    return write("jpeg", new IIOImage(image, null, null), param);
  }

  /** Returns a JPEG of components of one value each, stored as they are, without any header. */
  static byte[] components(int width, int height, int... values) {
    WritableRaster raster =
        Raster.createInterleavedRaster(
            DataBuffer.TYPE_BYTE, width, height, values.length, new Point());
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        raster.setPixel(x, y, values);
      }
    }
    return write("jpeg", new IIOImage(raster, null, null), null);
  }

  /** Returns a JPEG with a segment put in after its first marker. */
  static byte[] withSegment(byte[] jpeg, int marker, byte[] content) {
    ByteBuffer out = ByteBuffer.allocate(jpeg.length + content.length + 4);
    out.put(jpeg, 0, 2).put((byte) 0xff).put((byte) marker);
    out.putShort((short) (content.length + 2)).put(content);
    return out.put(jpeg, 2, jpeg.length - 2).array();
  }

  /** Returns Adobe's segment. */
  static byte[] adobe(int transform) {
    ByteBuffer out = ByteBuffer.allocate(12);
    out.put("Adobe".getBytes(StandardCharsets.US_ASCII)).putShort((short) 100);
    return out.putShort((short) 0).putShort((short) 0).put((byte) transform).array();
  }

  /** Returns a PNG that says it is this large, with no pixels worth the name. */
  static byte[] hugePng(int width, int height) {
    ByteBuffer out = ByteBuffer.allocate(100);
    out.put(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'});
    byte[] header =
        ByteBuffer.allocate(17)
            .put("IHDR".getBytes(StandardCharsets.US_ASCII))
            .putInt(width)
            .putInt(height)
            .put(new byte[] {8, 2, 0, 0, 0})
            .array();
    CRC32 crc = new CRC32();
    crc.update(header);
    out.putInt(13).put(header).putInt((int) crc.getValue());
    out.putInt(0).put("IDAT".getBytes(StandardCharsets.US_ASCII)).putInt(0x35af061e);
    out.putInt(0).put("IEND".getBytes(StandardCharsets.US_ASCII)).putInt(0xae426082);
    return Arrays.copyOf(out.array(), out.position());
  }

  private static byte[] write(String format, IIOImage image, ImageWriteParam param) {
    ImageWriter writer =
        image.hasRaster()
            ? ImageIO.getImageWritersByFormatName(format).next()
            : ImageIO.getImageWriters(
                    ImageTypeSpecifier.createFromRenderedImage(image.getRenderedImage()), format)
                .next();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
      writer.setOutput(out);
      writer.write(null, image, param);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }
}
