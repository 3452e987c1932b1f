/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.sparse;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyedPermutationTest {

  @ParameterizedTest
  @ValueSource(
      ints = {1, 2, 3, 4, 5, 15, 16, 17, 63, 64, 65, 1000, 1024, 4097, 65_535, 65_536, 65_537})
  void everyNumberComesUpExactlyOnce(int size) {
    for (long key : new long[] {0, 1, -1, 0x123456789abcdefL}) {
      KeyedPermutation permutation = new KeyedPermutation(size, key);
      BitSet seen = new BitSet(size);
      for (int i = 0; i < size; i++) {
        long image = permutation.apply(i);
        assertTrue(image >= 0 && image < size, () -> "image " + image);
        assertFalse(seen.get((int) image), () -> "twice " + image);
        seen.set((int) image);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {(1L << 31) - 1, 1L << 31, 90_000_000_000L, 1L << 62})
  void hugeRangesStayInRangeAndDistinct(long size) {
    KeyedPermutation permutation = new KeyedPermutation(size, 7);
    Set<Long> seen = new HashSet<>();
    for (int i = 0; i < 20_000; i++) {
      long image = permutation.apply(i);
      assertTrue(image >= 0 && image < size);
      assertTrue(seen.add(image));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 5, 511, 1024, 1025, 5000, 3_145_728, 90_000_000_000L, 1L << 62})
  void manyImagesTogetherAreThoseFoundOneByOne(long size) {
    KeyedPermutation permutation = new KeyedPermutation(size, 5);
    for (int count : new int[] {0, 1, 511, 512, 513, 3000}) {
      int first = count % 7;
      int there = (int) Math.max(0, Math.min(count, size - first));
      long[] expected =
          LongStream.range(first, first + there).map(permutation::apply).sorted().toArray();
      long[] target = new long[there + 5];
      Arrays.fill(target, -1);
      permutation.images(first, there, target, 2);
      assertArrayEquals(expected, Arrays.stream(target, 2, 2 + there).sorted().toArray());
      assertEquals(5, Arrays.stream(target).filter(image -> image == -1).count());
    }
  }

  @Test
  void theFirstImagesSpreadEvenlyOverAHugeRange() {
    long size = 90_000_000_000L;
    KeyedPermutation permutation = new KeyedPermutation(size, 11);
    int[] buckets = new int[100];
    for (int i = 0; i < 100_000; i++) {
      buckets[(int) (permutation.apply(i) / (size / 100))]++;
    }
    // 99 degrees of freedom: mean 99, standard deviation 14
    double chiSquare = chiSquare(buckets, 1000);
    assertTrue(chiSquare > 50 && chiSquare < 155, () -> "chi-square " + chiSquare);
  }

  @Test
  void everyIndexIsEquallyLikelyToBecomeEveryNumber() {
    int size = 12;
    int keys = 24_000;
    int[] cells = new int[size * size];
    for (int k = 0; k < keys; k++) {
      KeyedPermutation permutation = new KeyedPermutation(size, Keys.of(3, k));
      for (int i = 0; i < size; i++) {
        cells[i * size + (int) permutation.apply(i)]++;
      }
    }
    // (12 - 1)^2 = 121 degrees of freedom: mean 121, standard deviation 16
    double chiSquare = chiSquare(cells, keys / (double) size);
    assertTrue(chiSquare > 60 && chiSquare < 185, () -> "chi-square " + chiSquare);
  }

  @Test
  void neighboursAreDrawnIndependently() {
    int size = 5;
    int keys = 20_000;
    int[] pairs = new int[size * size];
    for (int k = 0; k < keys; k++) {
      KeyedPermutation permutation = new KeyedPermutation(size, Keys.of(4, k));
      pairs[(int) (permutation.apply(0) * size + permutation.apply(1))]++;
    }
    int[] possible =
        IntStream.range(0, size * size)
            .filter(cell -> cell / size != cell % size)
            .map(cell -> pairs[cell])
            .toArray();
    assertEquals(20, possible.length);
    // 19 degrees of freedom: mean 19, standard deviation 6
    double chiSquare = chiSquare(possible, keys / 20.0);
    assertTrue(chiSquare < 50, () -> "chi-square " + chiSquare);
  }

  @Test
  void theKeyDecides() {
    assertEquals(images(5), images(5));
    assertNotEquals(images(5), images(6));
  }

  @Test
  void sizesThatCannotBePermutedAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new KeyedPermutation(0, 1));
    assertThrows(IllegalArgumentException.class, () -> new KeyedPermutation((1L << 62) + 1, 1));
  }

  private static String images(long key) {
    KeyedPermutation permutation = new KeyedPermutation(1000, key);
    return Arrays.toString(LongStream.range(0, 20).map(permutation::apply).toArray());
  }

  private static double chiSquare(int[] counts, double expected) {
    return Arrays.stream(counts).mapToDouble(n -> (n - expected) * (n - expected)).sum() / expected;
  }
}
