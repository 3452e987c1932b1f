/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Optional;
import org.espalier.UserException;
import org.espalier.data.image.BrokenImages;
import org.espalier.data.image.ImageDecoder;
import org.espalier.data.image.ImageFiles;
import org.espalier.data.image.ImageSettings;
import org.espalier.data.image.PixelImage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Encoded images, and the memory of which of them are broken; for several threads at once. */
final class ImageStore {

  private static final Logger LOG = LoggerFactory.getLogger(ImageStore.class);

  /** No image takes so many: four samples of 16 bits are half of it. */
  private static final long BYTES_PER_PIXEL = 16;

  /** For what a file holds beside its pixels. */
  private static final long OTHER_BYTES = 1 << 24;

  private final ImageFiles files;
  private final boolean skip;
  private final long maxBytes;
  private final BitSet broken = new BitSet();

  ImageStore(ImageFiles files, ImageSettings settings) {
    this.files = files;
    this.skip = settings.broken() == BrokenImages.SKIP;
    this.maxBytes =
        Math.min(Integer.MAX_VALUE - 8, settings.maxPixels() * BYTES_PER_PIXEL + OTHER_BYTES);
  }

  /**
   * Loads an image; nothing if it is broken and that is to be passed over.
   *
   * @throws UserException if it is broken and that is fatal
   */
  Optional<PixelImage> load(int row, ImageDecoder decoder) {
    if (isBroken(row)) {
      return Optional.empty();
    }
    try {
      return Optional.of(decoder.decode(files.name(row), files.read(row, maxBytes)));
    } catch (UserException e) {
      if (!skip) {
        throw e;
      }
      if (note(row)) {
        LOG.warn("{} Another image of its class takes its place.", e.getMessage());
      }
      return Optional.empty();
    }
  }

  private boolean isBroken(int row) {
    synchronized (broken) {
      return broken.get(row);
    }
  }

  /** Returns whether that is news. */
  private boolean note(int row) {
    synchronized (broken) {
      boolean known = broken.get(row);
      broken.set(row);
      return !known;
    }
  }

  /** Returns how many of these images have been found broken. */
  int broken(int[] rows) {
    synchronized (broken) {
      return (int) Arrays.stream(rows).filter(broken::get).count();
    }
  }

  String name(int row) {
    return files.name(row);
  }
}
