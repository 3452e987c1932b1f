/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data.image;

import java.util.Optional;
import org.espalier.UserException;

/**
 * How images become samples. Size, resize and channels are for images in files of their own and in
 * shards; sets like CIFAR, which are in memory as they are, keep their size.
 *
 * @param size sides in pixels of the square that a network sees
 * @param resize shorter side that evaluation resizes to before it takes the middle
 * @param channels 1 for grey, 3 for colours; files are converted
 * @param augmentation what chance does to training images
 * @param normalization channel statistics to standardise with; empty for those of the training
 *     images
 * @param broken what happens at images that cannot be decoded
 * @param maxPixels the largest picture that is decoded; a guard against files that unpack to
 *     gigabytes
 * @param workers decoding threads; 0 for one on each processor
 * @param memory bytes that decoded samples may take: those of the batch and those ahead of it
 */
public record ImageSettings(
    int size,
    int resize,
    int channels,
    Augmentation augmentation,
    Optional<ChannelStatistics> normalization,
    BrokenImages broken,
    long maxPixels,
    int workers,
    long memory) {

  /**
   * Size 224 out of 256, colours, nothing left to chance, broken images fatal, at most 90 million
   * pixels, all processors, 256 MiB.
   */
  public static final ImageSettings DEFAULT =
      new ImageSettings(
          224,
          256,
          3,
          Augmentation.NONE,
          Optional.empty(),
          BrokenImages.FATAL,
          90_000_000,
          0,
          1L << 28);

  private static final int LARGEST = 1 << 13;

  /** Checks the numbers. */
  public ImageSettings {
    check(size >= 1 && size <= LARGEST, "size", size, "1 to " + LARGEST + " pixels");
    check(
        resize >= size && resize <= LARGEST,
        "shorter side for evaluation",
        resize,
        "their size, " + size + ", to " + LARGEST + " pixels");
    check(channels == 1 || channels == 3, "number of channels", channels, "1 or 3");
    check(
        maxPixels >= 1 && maxPixels <= 1 << 28,
        "largest number of pixels",
        maxPixels,
        "1 to " + (1 << 28));
    check(workers >= 0 && workers <= 1024, "number of workers", workers, "0 to 1024");
    check(memory >= 1, "memory", memory, "at least 1 byte");
  }

  private static void check(boolean sound, String what, long value, String expected) {
    if (!sound) {
      throw new UserException(
          "The %s of images is %d, expected %s.".formatted(what, value, expected));
    }
  }

  /** Returns these settings with another size, and the shorter side that evaluation resizes to. */
  public ImageSettings withSize(int side, int shorter) {
    return new ImageSettings(
        side, shorter, channels, augmentation, normalization, broken, maxPixels, workers, memory);
  }

  /** Returns these settings with another number of channels. */
  public ImageSettings withChannels(int count) {
    return new ImageSettings(
        size, resize, count, augmentation, normalization, broken, maxPixels, workers, memory);
  }

  /** Returns these settings with another augmentation. */
  public ImageSettings withAugmentation(Augmentation changes) {
    return new ImageSettings(
        size, resize, channels, changes, normalization, broken, maxPixels, workers, memory);
  }

  /** Returns these settings with given channel statistics. */
  public ImageSettings withNormalization(ChannelStatistics statistics) {
    return new ImageSettings(
        size,
        resize,
        channels,
        augmentation,
        Optional.of(statistics),
        broken,
        maxPixels,
        workers,
        memory);
  }

  /** Returns these settings with another way to deal with broken images. */
  public ImageSettings withBroken(BrokenImages way) {
    return new ImageSettings(
        size, resize, channels, augmentation, normalization, way, maxPixels, workers, memory);
  }

  /** Returns these settings with another limit on the pixels of a picture. */
  public ImageSettings withMaxPixels(long most) {
    return new ImageSettings(
        size, resize, channels, augmentation, normalization, broken, most, workers, memory);
  }

  /** Returns these settings with another number of decoding threads, 0 for all processors. */
  public ImageSettings withWorkers(int threads) {
    return new ImageSettings(
        size, resize, channels, augmentation, normalization, broken, maxPixels, threads, memory);
  }

  /** Returns these settings with another bound on the memory of decoded samples, in bytes. */
  public ImageSettings withMemory(long bytes) {
    return new ImageSettings(
        size, resize, channels, augmentation, normalization, broken, maxPixels, workers, bytes);
  }

  /** Returns how many threads decode. */
  public int threads() {
    return workers == 0 ? Runtime.getRuntime().availableProcessors() : workers;
  }
}
