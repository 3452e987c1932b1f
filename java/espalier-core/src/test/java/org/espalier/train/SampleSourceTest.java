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
import java.util.Optional;
import java.util.stream.IntStream;
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
  void rangesOfFeaturesTouchNothingElse() {
    SampleSource source = SampleSource.of(numbers(3, 100), 100, new int[3], 1);
    for (int[] range : new int[][] {{0, 100}, {0, 1}, {10, 80}, {99, 100}, {50, 50}}) {
      float[] target = new float[120];
      Arrays.fill(target, -1);
      float[] expected = target.clone();
      for (int f = range[0]; f < range[1]; f++) {
        expected[10 + f - range[0]] = 2000 + f;
      }
      source.read(2, range[0], range[1], target, 10);
      assertArrayEquals(expected, target);
    }
  }

  @Test
  void samplesInMemoryAreInputsAlready() {
    assertEquals(Optional.empty(), SampleSource.of(new float[1], 1, new int[1], 1).scaling());
  }

  @Test
  void labels() {
    SampleSource source = SampleSource.of(new float[3], 1, new int[] {0, 2, 1}, 3);
    assertArrayEquals(new int[] {0, 2, 1}, IntStream.range(0, 3).map(source::label).toArray());
  }

  @Test
  void directBuffersAreReadInPlaceFromPositionToLimit() {
    FloatBuffer buffer =
        ByteBuffer.allocateDirect(4 * 20).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    buffer.put(3, numbers(2, 6)).position(3).limit(15);
    SampleSource source = SampleSource.of(buffer, 6, new int[2], 1);
    float[] target = new float[6];
    source.read(1, 0, 6, target, 0);
    assertArrayEquals(new float[] {1000, 1001, 1002, 1003, 1004, 1005}, target);
    buffer.put(3, -7f);
    source.read(0, 0, 6, target, 0);
    assertArrayEquals(new float[] {-7, 1, 2, 3, 4, 5}, target);
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
    assertEquals(0, source.label(0));
  }
}
