/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data;

import java.util.function.Supplier;
import org.espalier.UserException;
import org.espalier.data.image.ChannelStatistics;
import org.espalier.data.image.ImageSettings;
import org.espalier.data.table.ImageShape;
import org.espalier.train.FeatureScaling;

/** Finds the scaling of images, channel by channel. */
final class ImageNormalization {

  private ImageNormalization() {}

  /**
   * Returns the scaling that a kind of normalisation asks for.
   *
   * @param fitted finds the statistics of the training images, if none are given
   * @throws UserException if statistics are given for another number of channels
   */
  static FeatureScaling of(
      NormalizationKind kind,
      ImageSettings settings,
      ImageShape shape,
      Supplier<ChannelStatistics> fitted) {
    return switch (kind) {
      case NONE -> FeatureScaling.identity(shape.features());
      case SCALE -> ChannelStatistics.identity(shape.channels()).scaling(shape);
      case STANDARDIZE -> settings.normalization().orElseGet(fitted).scaling(shape);
    };
  }
}
