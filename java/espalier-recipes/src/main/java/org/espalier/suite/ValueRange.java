/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.suite;

import java.util.Arrays;
import org.espalier.train.SampleSource;

/**
 * What values the features of samples can have, before normalisation. Features of images share one
 * range: 0 to 255 if training values lie within and go above 1, 0 to 1 if they lie within that,
 * else from their smallest to their largest. Any other feature ranges over what it has in training.
 */
final class ValueRange {

  private static final float BYTES = 255;

  private final float[] low;
  private final float[] high;
  private final boolean shared;

  private ValueRange(float[] low, float[] high, boolean shared) {
    this.low = low;
    this.high = high;
    this.shared = shared;
  }

  /** Finds the range of training samples, of which there is at least one. */
  static ValueRange of(SampleSource train, boolean image) {
    int features = train.features();
    float[] low = new float[features];
    float[] high = new float[features];
    Arrays.fill(low, Float.POSITIVE_INFINITY);
    Arrays.fill(high, Float.NEGATIVE_INFINITY);
    float[] row = new float[features];
    for (int i = 0; i < train.size(); i++) {
      train.read(i, 0, features, row, 0);
      for (int f = 0; f < features; f++) {
        low[f] = Math.min(low[f], row[f]);
        high[f] = Math.max(high[f], row[f]);
      }
    }
    if (image) {
      share(low, high);
    }
    return new ValueRange(low, high, image);
  }

  private static void share(float[] low, float[] high) {
    float least = Float.POSITIVE_INFINITY;
    float most = Float.NEGATIVE_INFINITY;
    for (int f = 0; f < low.length; f++) {
      least = Math.min(least, low[f]);
      most = Math.max(most, high[f]);
    }
    boolean pixels = least >= 0 && most <= BYTES;
    Arrays.fill(low, pixels ? 0 : least);
    Arrays.fill(high, pixels ? most > 1 ? BYTES : 1 : most);
  }

  /** Returns how far the largest value of a feature is from the smallest. */
  double width(int feature) {
    return (double) high[feature] - low[feature];
  }

  /** Returns the value nearest to {@code value} that lies in the range, or in {@code clean}. */
  float clip(double value, int feature, float clean) {
    float least = Math.min(low[feature], clean);
    float most = Math.max(high[feature], clean);
    return (float) Math.max(least, Math.min(most, value));
  }

  /** Returns in words what a share of the range is a share of. */
  String unit() {
    return shared
        ? "the range of a pixel, %s to %s".formatted(number(low[0]), number(high[0]))
        : "the range of each feature in training";
  }

  private static String number(float value) {
    return value == Math.rint(value) && Math.abs(value) < 1e9
        ? Long.toString((long) value)
        : Float.toString(value);
  }
}
