/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import org.espalier.UserException;
import org.junit.jupiter.api.Test;

class SampleSourceTest {

  /** Sample i, feature f holds 1000 i + f. */
  private static float[] numbers(int samples, int features) {
    float[] rows = new float[samples * features];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = 1000 * (i / features) + i % features;
    }
    return rows;
  }

  private static String refusal(float[] rows, int features, int[] labels, int classes) {
    String message =
        assertThrows(UserException.class, () -> SampleSource.of(rows, features, labels, classes))
            .getMessage();
    assertTrue(message.endsWith("."), message);
    return message;
  }

  @Test
  void sizes() {
    SampleSource source = SampleSource.of(numbers(3, 5), 5, new int[] {0, 2, 1}, 3);
    assertEquals(3, source.size());
    assertEquals(5, source.features());
    assertEquals(3, source.classes());
  }

  @Test
  void batchesComeFeatureByFeature() {
    int features = 200; // more than one block
    SampleSource source = SampleSource.of(numbers(4, features), features, new int[4], 1);
    float[] target = new float[features * 8];
    source.gather(new int[] {3, 0, 3, 99}, 3, 0, features, target, 0, 8);
    for (int f = 0; f < features; f++) {
      float[] row = Arrays.copyOfRange(target, f * 8, f * 8 + 8);
      assertArrayEquals(new float[] {3000 + f, f, 3000 + f, 0, 0, 0, 0, 0}, row);
    }
  }

  @Test
  void rangesOfFeaturesTouchNothingElse() {
    SampleSource source = SampleSource.of(numbers(3, 100), 100, new int[3], 1);
    for (int[] range : new int[][] {{0, 1}, {10, 80}, {63, 65}, {64, 100}, {50, 50}}) {
      float[] target = new float[10 + 100 * 4];
      Arrays.fill(target, -1);
      source.gather(new int[] {2, 1}, 2, range[0], range[1], target, 10, 4);
      for (int at = 0; at < target.length; at++) {
        int f = (at - 10) / 4;
        int i = (at - 10) % 4;
        boolean inside = at >= 10 && i < 2 && f >= range[0] && f < range[1];
        assertEquals(inside ? 1000 * (2 - i) + f : -1, target[at], "at " + at);
      }
    }
  }

  @Test
  void labelsOfABatch() {
    SampleSource source = SampleSource.of(new float[3], 1, new int[] {0, 2, 1}, 3);
    int[] target = {9, 9, 9, 9};
    source.labels(new int[] {1, 1, 2, 0}, 3, target);
    assertArrayEquals(new int[] {2, 2, 1, 9}, target);
  }

  @Test
  void directBuffersAreReadInPlaceFromPositionToLimit() {
    FloatBuffer buffer =
        ByteBuffer.allocateDirect(4 * 20).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    buffer.put(3, numbers(2, 6)).position(3).limit(15);
    SampleSource source = SampleSource.of(buffer, 6, new int[2], 1);
    float[] target = new float[12];
    source.gather(new int[] {1, 0}, 2, 0, 6, target, 0, 2);
    assertArrayEquals(new float[] {1000, 0, 1001, 1, 1002, 2, 1003, 3, 1004, 4, 1005, 5}, target);
    buffer.put(3, -7f);
    source.gather(new int[] {1, 0}, 2, 0, 6, target, 0, 2);
    assertEquals(-7f, target[1]);
    assertEquals(3, buffer.position());
  }

  @Test
  void labelsOutOfRangeAreNamed() {
    assertEquals(
        "The label of sample 1 is 3; expected 0 to 2.",
        refusal(new float[3], 1, new int[] {0, 3, 1}, 3));
    assertEquals(
        "The label of sample 2 is -1; expected 0 to 2.",
        refusal(new float[3], 1, new int[] {0, 2, -1}, 3));
  }

  @Test
  void numbersThatAreNotFiniteAreNamed() {
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
      float[] rows = numbers(3, 4);
      rows[6] = bad;
      assertEquals(
          "Feature 2 of sample 1 is " + bad + "; expected a finite number.",
          refusal(rows, 4, new int[3], 1));
    }
  }

  @Test
  void sizesThatDoNotFitAreRefused() {
    assertTrue(refusal(new float[11], 4, new int[3], 1).contains("expected 12"));
    assertTrue(refusal(new float[0], 0, new int[0], 1).contains("features"));
    assertTrue(refusal(new float[6], -2, new int[3], 1).contains("features"));
    assertTrue(refusal(new float[3], 1, new int[3], 0).contains("classes"));
    // 65536 * 65537 is 65536 in 32 bits
    assertTrue(refusal(new float[65_536], 65_537, new int[65_536], 1).contains("features"));
  }

  @Test
  void labelsAreCopied() {
    int[] labels = {0, 1};
    SampleSource source = SampleSource.of(new float[2], 1, labels, 2);
    labels[0] = 77;
    int[] target = new int[1];
    source.labels(new int[] {0}, 1, target);
    assertEquals(0, target[0]);
  }
}
