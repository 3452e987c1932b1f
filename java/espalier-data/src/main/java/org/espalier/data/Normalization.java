/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data;

import java.util.Arrays;
import org.espalier.UserException;
import org.espalier.data.table.ByteTable;
import org.espalier.data.table.FeatureTable;
import org.espalier.train.FeatureScaling;

/** Finds the scaling that a kind of normalisation asks for. */
final class Normalization {

  private Normalization() {}

  /**
   * Fits a normalisation to some rows of a table. A feature that is the same in all of them becomes
   * 0, whatever its value elsewhere.
   *
   * @param rows row numbers of the table: the training rows, and never a test row
   */
  static FeatureScaling fit(NormalizationKind kind, FeatureTable table, int[] rows) {
    return switch (kind) {
      case NONE -> FeatureScaling.identity(table.features());
      case SCALE -> table instanceof ByteTable ? bytes(table.features()) : scale(table, rows);
      case STANDARDIZE -> standardize(table, rows);
    };
  }

  /**
   * Checks that a normalisation fits data.
   *
   * @throws UserException if it is for another number of features
   */
  static void check(FeatureScaling normalization, int features) {
    if (normalization.features() != features) {
      throw new UserException(
          "The normalisation is for %d features, expected %d as in the data."
              .formatted(normalization.features(), features));
    }
  }

  private static FeatureScaling bytes(int features) {
    float[] scale = new float[features];
    Arrays.fill(scale, 1 / 255f);
    return new FeatureScaling(scale, new float[features]);
  }

  private static FeatureScaling scale(FeatureTable table, int[] rows) {
    FeatureStatistics statistics = FeatureStatistics.of(table, rows);
    float[] scale = new float[table.features()];
    float[] shift = new float[table.features()];
    for (int f = 0; f < scale.length; f++) {
      double min = statistics.min()[f];
      set(scale, shift, f, min, statistics.max()[f] - min);
    }
    return new FeatureScaling(scale, shift);
  }

  private static FeatureScaling standardize(FeatureTable table, int[] rows) {
    FeatureStatistics statistics = FeatureStatistics.of(table, rows);
    float[] scale = new float[table.features()];
    float[] shift = new float[table.features()];
    for (int f = 0; f < scale.length; f++) {
      boolean constant = statistics.min()[f] == statistics.max()[f];
      double deviation = constant ? 0 : Math.sqrt(statistics.variance()[f]);
      set(scale, shift, f, statistics.mean()[f], deviation);
    }
    return new FeatureScaling(scale, shift);
  }

  /**
   * Maps {@code origin} to 0 and {@code unit} to 1, or everything to 0 if floats cannot do that.
   */
  private static void set(float[] scale, float[] shift, int f, double origin, double unit) {
    float factor = (float) (1 / unit);
    float summand = (float) (-origin / unit);
    if (Float.isFinite(factor) && Float.isFinite(summand)) {
      scale[f] = factor;
      shift[f] = summand;
    }
  }
}
