/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data;

import java.util.Optional;
import java.util.function.IntUnaryOperator;
import org.espalier.UserException;
import org.espalier.data.image.ChannelFit;
import org.espalier.data.image.ChannelStatistics;
import org.espalier.data.image.DecodedSamples;
import org.espalier.data.image.ImageDecoder;
import org.espalier.data.image.ImagePasses;
import org.espalier.data.image.ImageSettings;
import org.espalier.data.image.PixelImage;
import org.espalier.train.FeatureScaling;
import org.espalier.train.SamplePass;

/**
 * Samples that are decoded when they are read: ahead of the reader in a pass, and by {@link #read}
 * on demand, as evaluation sees them. Decoded samples of a pass take at most the memory of the
 * settings; on demand, as many again at most, and not more than 256 samples.
 */
final class ImageSamples implements DataPart {

  private static final int MOST_RECENT = 256;

  private final ImageStore store;
  private final int[] rows;
  private final int[] labels;
  private final int classes;
  private final FeatureScaling scaling;
  private final ImagePasses passes;
  private final DecodedSamples recent;

  /**
   * Creates samples.
   *
   * @param rows the image of the store that each sample is
   * @param labels the label of each image of the store
   */
  ImageSamples(
      ImageStore store,
      int[] rows,
      int[] labels,
      int classes,
      ImageSettings settings,
      FeatureScaling normalization) {
    this.store = store;
    this.rows = rows;
    this.labels = labels;
    this.classes = classes;
    this.scaling = normalization;
    this.passes = ImagePasses.ofFiles(this::load, settings);
    long fitting = settings.memory() / passes.shape().features();
    this.recent =
        new DecodedSamples((int) Math.max(1, Math.min(MOST_RECENT, fitting)), passes::evaluation);
    Normalization.check(normalization, features());
  }

  /**
   * Finds mean and deviation of each channel over at most so many samples, without augmentation.
   */
  ChannelStatistics statistics(int most, long key) {
    return ChannelFit.of(passes, size(), most, key);
  }

  /** Loads a sample, or the next intact one of its class. */
  private PixelImage load(int sample, ImageDecoder decoder) {
    int label = label(sample);
    for (int i = 0; i < rows.length; i++) {
      int row = rows[(int) ((sample + (long) i) % rows.length)];
      if (labels[row] == label) {
        Optional<PixelImage> image = store.load(row, decoder);
        if (image.isPresent()) {
          return image.get();
        }
      }
    }
    throw new UserException(
        "%s: the image is broken, and so are all others of its class; expected one that can take its place."
            .formatted(store.name(rows[sample])));
  }

  @Override
  public DataPart withNormalization(FeatureScaling normalization) {
    return new ImageSamples(store, rows, labels, classes, passes.settings(), normalization);
  }

  @Override
  public int brokenImages() {
    return store.broken(rows);
  }

  @Override
  public int size() {
    return rows.length;
  }

  @Override
  public int features() {
    return passes.shape().features();
  }

  @Override
  public int classes() {
    return classes;
  }

  @Override
  public void read(int sample, int firstFeature, int endFeature, float[] target, int at) {
    byte[] pixels = recent.get(sample);
    for (int f = firstFeature; f < endFeature; f++) {
      target[at + f - firstFeature] = pixels[f] & 0xff;
    }
  }

  @Override
  public Optional<FeatureScaling> scaling() {
    return Optional.of(scaling);
  }

  @Override
  public int label(int sample) {
    return labels[rows[sample]];
  }

  @Override
  public SamplePass pass(IntUnaryOperator order, long key) {
    return passes.pass(order, this::label, size(), key);
  }
}
