/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data.image;

import java.util.Arrays;
import org.espalier.UserException;
import org.espalier.data.table.ImageShape;
import org.espalier.train.FeatureScaling;

/**
 * Mean and standard deviation of each channel, of samples between 0 and 1 as the literature gives
 * them.
 *
 * @param means one per channel
 * @param deviations one per channel, not below 0; a channel of deviation 0 becomes 0
 */
public record ChannelStatistics(float[] means, float[] deviations) {

  /** ImageNet's, red, green, blue. */
  public static final ChannelStatistics IMAGENET =
      new ChannelStatistics(
          new float[] {0.485f, 0.456f, 0.406f}, new float[] {0.229f, 0.224f, 0.225f});

  private static final float WHITE = 255;

  /** Checks and copies the numbers. */
  public ChannelStatistics {
    if (means.length != deviations.length) {
      throw new UserException(
          "There are %d means and %d deviations of channels, expected as many of both."
              .formatted(means.length, deviations.length));
    }
    means = means.clone();
    deviations = deviations.clone();
    for (int c = 0; c < means.length; c++) {
      if (!Float.isFinite(means[c]) || !(deviations[c] >= 0) || !Float.isFinite(deviations[c])) {
        throw new UserException(
            "Channel %d has mean %s and deviation %s, expected finite numbers, the second not below 0."
                .formatted(c, means[c], deviations[c]));
      }
    }
  }

  /** Returns the statistics that leave samples between 0 and 1 as they are. */
  public static ChannelStatistics identity(int channels) {
    float[] ones = new float[channels];
    Arrays.fill(ones, 1);
    return new ChannelStatistics(new float[channels], ones);
  }

  /** Returns a copy of the means. */
  @Override
  public float[] means() {
    return means.clone();
  }

  /** Returns a copy of the deviations. */
  @Override
  public float[] deviations() {
    return deviations.clone();
  }

  /**
   * Returns what brings bytes to mean 0 and deviation 1.
   *
   * @throws UserException if the images have another number of channels
   */
  public FeatureScaling scaling(ImageShape shape) {
    if (shape.channels() != means.length) {
      throw new UserException(
          "The normalisation is for %d channels, expected %d as the images have."
              .formatted(means.length, shape.channels()));
    }
    float[] scale = new float[shape.features()];
    float[] shift = new float[shape.features()];
    int pixels = shape.height() * shape.width();
    for (int c = 0; c < means.length; c++) {
      boolean constant = deviations[c] == 0;
      Arrays.fill(scale, c * pixels, (c + 1) * pixels, constant ? 0 : 1 / (WHITE * deviations[c]));
      Arrays.fill(shift, c * pixels, (c + 1) * pixels, constant ? 0 : -means[c] / deviations[c]);
    }
    return new FeatureScaling(scale, shift);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ChannelStatistics that
        && Arrays.equals(means, that.means)
        && Arrays.equals(deviations, that.deviations);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(means) + Arrays.hashCode(deviations);
  }

  @Override
  public String toString() {
    return "means " + Arrays.toString(means) + ", deviations " + Arrays.toString(deviations);
  }
}
