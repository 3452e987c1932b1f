/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data.image;

import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntUnaryOperator;
import org.espalier.data.table.ImageShape;
import org.espalier.train.SamplePass;

/**
 * Makes samples of pictures: loads, frames and changes them, in passes or one by one.
 *
 * @param source the pictures
 * @param shape what samples look like
 * @param frame how pictures get there
 * @param settings threads, memory, decoding and augmentation
 * @param large held while a large picture is decoded
 */
public record ImagePasses(
    PixelSource source, ImageShape shape, Frame frame, ImageSettings settings, Lock large) {

  /** Returns passes over pictures of any size. */
  public static ImagePasses ofFiles(PixelSource source, ImageSettings settings) {
    int size = settings.size();
    return new ImagePasses(
        source,
        new ImageShape(size, size, settings.channels()),
        new Frame(size, size, settings.resize()),
        settings,
        new ReentrantLock());
  }

  /** Returns passes over pictures that have the shape of the samples already. */
  public static ImagePasses ofShape(PixelSource source, ImageShape shape, ImageSettings settings) {
    Frame frame = new Frame(shape.width(), shape.height(), 0);
    return new ImagePasses(source, shape, frame, settings, new ReentrantLock());
  }

  /** Returns passes over the same pictures that leave nothing to chance. */
  public ImagePasses withoutAugmentation() {
    ImageSettings plain = settings.withAugmentation(Augmentation.NONE);
    return new ImagePasses(source, shape, frame, plain, large);
  }

  /**
   * Begins a pass.
   *
   * @param order the sample at each place
   * @param labels the label of each sample
   * @param size number of samples
   * @param key of what chance does
   */
  public SamplePass pass(IntUnaryOperator order, IntUnaryOperator labels, int size, long key) {
    return new DecodingPass(
        () -> maker(key),
        order,
        labels,
        size,
        shape.features(),
        settings.threads(),
        settings.memory());
  }

  /** Returns what makes the samples of a pass in one thread. */
  public SampleMaker maker(long key) {
    return new Maker(this, newDecoder(), key);
  }

  /** Returns one sample as evaluation sees it, a byte a feature. */
  public byte[] evaluation(int sample) {
    try (ImageDecoder decoder = newDecoder()) {
      return frame.evaluation(source.load(sample, decoder)).pixels();
    }
  }

  private ImageDecoder newDecoder() {
    return new ImageDecoder(shape.channels(), settings.maxPixels(), large);
  }

  /** Makes the samples of one pass in one thread. */
  private record Maker(ImagePasses passes, ImageDecoder decoder, long key) implements SampleMaker {

    @Override
    public byte[] make(int sample) {
      PixelImage image = passes.source.load(sample, decoder);
      Augmentation changes = passes.settings.augmentation();
      return changes.apply(image, passes.frame, key, sample).pixels();
    }

    @Override
    public void close() {
      decoder.close();
    }
  }
}
