/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.espalier.UserException;
import org.junit.jupiter.api.Test;

class RowSplitTest {

  private static RowSplit random(int[] labels, double fraction, boolean stratified, long seed) {
    int classes = Arrays.stream(labels).max().orElse(0) + 1;
    return RowSplit.random(
        "set", new SplitRequest.Random(fraction, stratified), seed, labels, classes);
  }

  private static int[] labels(int rows, int classes) {
    return IntStream.range(0, rows).map(row -> row * row % classes).toArray();
  }

  @Test
  void everyRowIsOnOneSideInFileOrderAndTheCountIsExact() {
    for (boolean stratified : new boolean[] {false, true}) {
      for (int rows : new int[] {2, 3, 10, 1001}) {
        for (double fraction : new double[] {0.001, 1.0 / 3, 0.5, 0.999}) {
          RowSplit split = random(labels(rows, 7), fraction, stratified, 3);
          int expected = (int) Math.max(1, Math.min(rows - 1, Math.round(fraction * rows)));
          assertEquals(expected, split.test().length);
          int[] union =
              IntStream.concat(Arrays.stream(split.train()), Arrays.stream(split.test()))
                  .sorted()
                  .toArray();
          assertArrayEquals(RowSplit.all(rows), union);
          assertArrayEquals(Arrays.stream(split.test()).sorted().toArray(), split.test());
          assertArrayEquals(Arrays.stream(split.train()).sorted().toArray(), split.train());
        }
      }
    }
  }

  @Test
  void theSeedDecides() {
    int[] labels = labels(500, 5);
    assertArrayEquals(random(labels, 0.3, true, 1).test(), random(labels, 0.3, true, 1).test());
    assertFalse(
        Arrays.equals(random(labels, 0.3, true, 1).test(), random(labels, 0.3, true, 2).test()));
  }

  @Test
  void theDrawIsTheSameOnEveryMachine() {
    assertArrayEquals(new int[] {10, 11, 15, 17, 18}, random(new int[20], 0.25, false, 1).test());
  }

  @Test
  void stratifiedSplitsKeepTheProportionOfEachClassWithinOneRow() {
    int[] labels = new int[96];
    int[] sizes = {46, 10, 9, 11, 6, 6, 4, 2, 2};
    for (int label = 0, row = 0; label < sizes.length; label++) {
      for (int i = 0; i < sizes[label]; i++) {
        labels[row++] = label;
      }
    }
    RowSplit split = random(labels, 1.0 / 3, true, 0);
    int[] drawn = new int[sizes.length];
    for (int row : split.test()) {
      drawn[labels[row]]++;
    }
    for (int label = 0; label < sizes.length; label++) {
      assertTrue(Math.abs(drawn[label] - sizes[label] / 3.0) < 1, "class " + label);
    }
  }

  @Test
  void firstRowsTrain() {
    RowSplit split = RowSplit.first("set", 3, 5);
    assertArrayEquals(new int[] {0, 1, 2}, split.train());
    assertArrayEquals(new int[] {3, 4}, split.test());
    UserException e = assertThrows(UserException.class, () -> RowSplit.first("a.csv", 5, 5));
    assertEquals(
        "a.csv: the first 5 rows were asked for training, expected fewer than its 5 rows.",
        e.getMessage());
  }

  @Test
  void impossibleSplitsAreRefused() {
    assertThrows(UserException.class, () -> random(new int[1], 0.5, false, 0));
    assertThrows(UserException.class, () -> new SplitRequest.Random(0, false));
    assertThrows(UserException.class, () -> new SplitRequest.Random(1, false));
    assertThrows(UserException.class, () -> new SplitRequest.Random(Double.NaN, false));
    assertThrows(UserException.class, () -> new SplitRequest.First(0));
  }
}
