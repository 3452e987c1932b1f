/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data;

import java.util.Arrays;
import org.espalier.data.table.ByteTable;
import org.espalier.data.table.FeatureTable;

/**
 * A fitted normalisation: feature {@code f} of value {@code x} becomes {@code x * scale[f] +
 * shift[f]}. It can be stored with a model and applied again to other rows.
 *
 * @param scale one factor per feature; 0 for a feature that was constant when this was fitted
 * @param shift one summand per feature
 */
public record Normalization(float[] scale, float[] shift) {

  /**
   * Creates a normalisation from copies of the arrays.
   *
   * @throws IllegalArgumentException if their lengths differ
   */
  public Normalization {
    if (scale.length != shift.length) {
      throw new IllegalArgumentException(
          "scale has " + scale.length + " features, shift has " + shift.length);
    }
    scale = scale.clone();
    shift = shift.clone();
  }

  /** Returns the normalisation that leaves values as they are. */
  public static Normalization none(int features) {
    float[] scale = new float[features];
    Arrays.fill(scale, 1);
    return new Normalization(scale, new float[features]);
  }

  /**
   * Fits a normalisation to some rows of a table. A feature that is the same in all of them becomes
   * 0, whatever its value elsewhere.
   *
   * @param rows row numbers of the table: the training rows, and never a test row
   */
  static Normalization fit(NormalizationKind kind, FeatureTable table, int[] rows) {
    return switch (kind) {
      case NONE -> none(table.features());
      case SCALE -> table instanceof ByteTable ? bytes(table.features()) : scale(table, rows);
      case STANDARDIZE -> standardize(table, rows);
    };
  }

  private static Normalization bytes(int features) {
    float[] scale = new float[features];
    Arrays.fill(scale, 1 / 255f);
    return new Normalization(scale, new float[features]);
  }

  private static Normalization scale(FeatureTable table, int[] rows) {
    FeatureStatistics statistics = FeatureStatistics.of(table, rows);
    float[] scale = new float[table.features()];
    float[] shift = new float[table.features()];
    for (int f = 0; f < scale.length; f++) {
      double min = statistics.min()[f];
      set(scale, shift, f, min, statistics.max()[f] - min);
    }
    return new Normalization(scale, shift);
  }

  private static Normalization standardize(FeatureTable table, int[] rows) {
    FeatureStatistics statistics = FeatureStatistics.of(table, rows);
    float[] scale = new float[table.features()];
    float[] shift = new float[table.features()];
    for (int f = 0; f < scale.length; f++) {
      boolean constant = statistics.min()[f] == statistics.max()[f];
      double deviation = constant ? 0 : Math.sqrt(statistics.variance()[f]);
      set(scale, shift, f, statistics.mean()[f], deviation);
    }
    return new Normalization(scale, shift);
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

  /** Returns a copy of the factors. */
  @Override
  public float[] scale() {
    return scale.clone();
  }

  /** Returns a copy of the summands. */
  @Override
  public float[] shift() {
    return shift.clone();
  }

  /** Returns the number of features. */
  public int features() {
    return scale.length;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Normalization that
        && Arrays.equals(scale, that.scale)
        && Arrays.equals(shift, that.shift);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(scale) + Arrays.hashCode(shift);
  }

  @Override
  public String toString() {
    return "Normalization[" + scale.length + " features]";
  }
}
