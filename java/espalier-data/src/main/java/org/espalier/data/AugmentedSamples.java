/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data;

import java.util.function.IntUnaryOperator;
import org.espalier.data.image.ChannelFit;
import org.espalier.data.image.ChannelStatistics;
import org.espalier.data.image.ImageDecoder;
import org.espalier.data.image.ImagePasses;
import org.espalier.data.image.ImageSettings;
import org.espalier.data.image.PixelImage;
import org.espalier.data.table.ImageShape;
import org.espalier.train.FeatureScaling;
import org.espalier.train.SamplePass;
import org.espalier.train.SampleView;

/** Images in memory that chance changes in passes; {@link #read} gives them as they are. */
final class AugmentedSamples implements DataPart, SampleView {

  private final Samples samples;
  private final ImagePasses passes;

  /**
   * Creates samples.
   *
   * @param samples pictures of whole numbers from 0 to 255
   */
  AugmentedSamples(Samples samples, ImageShape shape, ImageSettings settings) {
    this.samples = samples;
    this.passes = ImagePasses.ofShape(this::load, shape, settings);
  }

  /** Finds mean and deviation of each channel over all samples, without augmentation. */
  ChannelStatistics statistics(long key) {
    return ChannelFit.of(passes, size(), size(), key);
  }

  private PixelImage load(int sample, ImageDecoder decoder) {
    ImageShape shape = passes.shape();
    float[] values = new float[shape.features()];
    samples.read(sample, 0, values.length, values, 0);
    byte[] pixels = new byte[values.length];
    for (int f = 0; f < pixels.length; f++) {
      pixels[f] = (byte) values[f];
    }
    return new PixelImage(shape.width(), shape.height(), shape.channels(), pixels);
  }

  @Override
  public DataPart withNormalization(FeatureScaling normalization) {
    return new AugmentedSamples(
        samples.withNormalization(normalization), passes.shape(), passes.settings());
  }

  @Override
  public Samples source() {
    return samples;
  }

  @Override
  public SamplePass pass(IntUnaryOperator order, long key) {
    return passes.pass(order, samples::label, samples.size(), key);
  }
}
