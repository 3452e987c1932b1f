/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data.image;

import java.io.IOException;
import java.util.Iterator;
import java.util.Locale;
import java.util.concurrent.locks.Lock;
import javax.imageio.ImageReader;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;
import org.espalier.UserException;

/**
 * Decodes JPEG and PNG files with the decoders of the Java platform. What a file is, its first
 * bytes tell, not its name. For one thread; orientation tags (EXIF) are ignored, as training sets
 * are read everywhere else.
 */
public final class ImageDecoder implements AutoCloseable {

  /** Pictures of more pixels are decoded one at a time, to keep memory bounded. */
  static final long LARGE = 1 << 22;

  private static final String HEADLESS = "java.awt.headless";

  private final int channels;
  private final long maxPixels;
  private final Lock large;
  private ImageReader jpeg;
  private ImageReader png;

  /**
   * Creates a decoder.
   *
   * @param channels 1 for grey, 3 for colours, whatever the files have
   * @param maxPixels the largest picture that is decoded
   * @param large held while a large picture is decoded; shared by all decoders of one part of a set
   */
  public ImageDecoder(int channels, long maxPixels, Lock large) {
    this.channels = channels;
    this.maxPixels = maxPixels;
    this.large = large;
  }

  /**
   * Decodes a file.
   *
   * @param name what messages call it
   * @param file all of its bytes
   * @throws UserException if it is no JPEG or PNG, is damaged or cut short, or has too many pixels
   */
  public PixelImage decode(String name, byte[] file) {
    if (file.length == 0) {
      throw new UserException(name + ": the file is empty; expected a JPEG or PNG image.");
    }
    boolean isJpeg = startsWith(file, 0xff, 0xd8, 0xff);
    if (!isJpeg && !startsWith(file, 0x89, 'P', 'N', 'G')) {
      throw new UserException(
          name + ": its first bytes are not those of an image; expected a JPEG or PNG.");
    }
    EncodedBytes in = new EncodedBytes(file);
    boolean intact = false;
    try {
      PixelImage image = decode(name, file, in, isJpeg ? jpeg() : png(), isJpeg);
      if (isJpeg && in.exhausted()) {
        throw truncated(name, file, null);
      }
      intact = true;
      return image;
    } catch (IOException
        | IndexOutOfBoundsException
        | IllegalArgumentException
        | IllegalStateException
        | NegativeArraySizeException
        | ClassCastException
        | NullPointerException e) {
      // The platform's decoders throw all of these at damaged files.
      throw in.exhausted()
          ? truncated(name, file, e)
          : new UserException(
              name + ": the image is damaged (" + reason(e) + "); expected a sound JPEG or PNG.",
              e);
    } finally {
      if (!intact) {
        close(); // a reader that failed may be in any state
      }
    }
  }

  private PixelImage decode(
      String name, byte[] file, EncodedBytes in, ImageReader reader, boolean isJpeg)
      throws IOException {
    reader.setInput(in, true, true);
    long width = reader.getWidth(0);
    long height = reader.getHeight(0);
    if (width * height > maxPixels) {
      throw new UserException(
          String.format(
              Locale.ROOT,
              "%s: the image has %d x %d pixels, expected at most %d in all; raise the limit if it is genuine.",
              name,
              width,
              height,
              maxPixels));
    }
    if (width * height <= LARGE) {
      return pixels(file, reader, isJpeg);
    }
    large.lock();
    try {
      return pixels(file, reader, isJpeg);
    } finally {
      large.unlock();
    }
  }

  private PixelImage pixels(byte[] file, ImageReader reader, boolean isJpeg) throws IOException {
    return isJpeg
        ? JpegPixels.of(reader.readRaster(0, null), JpegHeader.of(file).lumaChroma(), channels)
        : PngPixels.of(reader.read(0), channels);
  }

  private static UserException truncated(String name, byte[] file, Exception cause) {
    return new UserException(
        name + ": the image is truncated after " + file.length + " bytes; expected more data.",
        cause);
  }

  private static String reason(Exception e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  private static boolean startsWith(byte[] file, int... magic) {
    for (int i = 0; i < magic.length; i++) {
      if (i >= file.length || (file[i] & 0xff) != magic[i]) {
        return false;
      }
    }
    return true;
  }

  private ImageReader jpeg() throws IOException {
    jpeg = jpeg == null ? platformReader("jpeg") : jpeg;
    return jpeg;
  }

  private ImageReader png() throws IOException {
    png = png == null ? platformReader("png") : png;
    return png;
  }

  /** The platform's own, whatever plug-ins are on the class path: the same pixels everywhere. */
  private static ImageReader platformReader(String format) throws IOException {
    if (System.getProperty(HEADLESS) == null) {
      System.setProperty(HEADLESS, "true"); // decoding must not look for a screen
    }
    Iterator<ImageReaderSpi> found =
        IIORegistry.getDefaultInstance()
            .getServiceProviders(
                ImageReaderSpi.class,
                provider ->
                    provider
                        .getClass()
                        .getName()
                        .startsWith("com.sun.imageio.plugins." + format + "."),
                true);
    if (!found.hasNext()) {
      throw new UserException(
          "This Java runtime has no "
              + format
              + " decoder; expected one with the module java.desktop.");
    }
    return found.next().createReaderInstance();
  }

  /** Gives the native memory of the decoders back. */
  @Override
  public void close() {
    if (jpeg != null) {
      jpeg.dispose();
      jpeg = null;
    }
    if (png != null) {
      png.dispose();
      png = null;
    }
  }
}
