/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class FeatureScalingTest {

  @Test
  void recordIsAValueAndKeepsItsArraysToItself() {
    float[] scale = {1, 2};
    FeatureScaling a = new FeatureScaling(scale, new float[2]);
    scale[0] = 9;
    a.scale()[1] = 9;
    assertEquals(new FeatureScaling(new float[] {1, 2}, new float[2]), a);
    assertEquals(new FeatureScaling(new float[] {1, 2}, new float[2]).hashCode(), a.hashCode());
    assertNotEquals(new FeatureScaling(new float[] {1, 3}, new float[2]), a);
    assertNotEquals(new FeatureScaling(new float[] {1, 2}, new float[] {0, 1}), a);
    assertThrows(
        IllegalArgumentException.class, () -> new FeatureScaling(new float[1], new float[2]));
  }

  @Test
  void identityLeavesValuesAsTheyAre() {
    assertArrayEquals(new float[] {1, 1, 1}, FeatureScaling.identity(3).scale());
    assertArrayEquals(new float[3], FeatureScaling.identity(3).shift());
  }
}
