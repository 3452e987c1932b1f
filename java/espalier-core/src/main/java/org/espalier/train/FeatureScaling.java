/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.train;

import java.util.Arrays;

/**
 * What turns the numbers that samples hold into the inputs of a network: feature {@code f} of value
 * {@code x} becomes {@code x * scale[f] + shift[f]}. It can be stored with a model and applied
 * again to other samples.
 *
 * @param scale one factor per feature
 * @param shift one summand per feature
 */
public record FeatureScaling(float[] scale, float[] shift) {

  /**
   * Creates a scaling from copies of the arrays.
   *
   * @throws IllegalArgumentException if their lengths differ
   */
  public FeatureScaling {
    if (scale.length != shift.length) {
      throw new IllegalArgumentException(
          "scale has " + scale.length + " features, shift has " + shift.length);
    }
    scale = scale.clone();
    shift = shift.clone();
  }

  /** Returns the scaling that leaves values as they are. */
  public static FeatureScaling identity(int features) {
    float[] scale = new float[features];
    Arrays.fill(scale, 1);
    return new FeatureScaling(scale, new float[features]);
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
    return other instanceof FeatureScaling that
        && Arrays.equals(scale, that.scale)
        && Arrays.equals(shift, that.shift);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(scale) + Arrays.hashCode(shift);
  }

  @Override
  public String toString() {
    return "FeatureScaling[" + scale.length + " features]";
  }
}
