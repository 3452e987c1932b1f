/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.measure;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import org.espalier.UserException;
import org.espalier.train.State;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PositionSetTest {

  private record Csr(int[] rowStart, int[] column) {

    static Csr random(int rows, int columns, double density, SplittableRandom random) {
      int[] rowStart = new int[rows + 1];
      List<Integer> column = new ArrayList<>();
      for (int r = 0; r < rows; r++) {
        double share = r % 3 == 0 ? 0 : density * (r % 5);
        for (int c = 0; c < columns; c++) {
          if (random.nextDouble() < share) {
            column.add(c);
          }
        }
        rowStart[r + 1] = column.size();
      }
      return new Csr(rowStart, column.stream().mapToInt(Integer::intValue).toArray());
    }

    BitSet bits(int columns) {
      BitSet bits = new BitSet();
      for (int r = 0; r < rowStart.length - 1; r++) {
        for (int k = rowStart[r]; k < rowStart[r + 1]; k++) {
          bits.set(r * columns + column[k]);
        }
      }
      return bits;
    }
  }

  @ParameterizedTest
  @CsvSource({"7, 1, 0.3", "20, 31, 0.05", "20, 32, 0.2", "20, 33, 0.02", "15, 700, 0.005"})
  void isTheUnionOfAllThatWasAdded(int rows, int columns, double density) {
    SplittableRandom random = new SplittableRandom(rows + columns);
    PositionSet set = new PositionSet(rows, columns);
    BitSet expected = new BitSet();
    for (int update = 0; update < 60; update++) {
      Csr csr = Csr.random(rows, columns, density, random);
      BitSet bits = csr.bits(columns);
      BitSet both = (BitSet) bits.clone();
      both.and(expected);
      expected.or(bits);
      assertEquals(
          new Overlap(both.cardinality(), expected.cardinality()),
          set.overlap(csr.rowStart, csr.column));
      set.addAll(csr.rowStart, csr.column);
      assertEquals(expected.cardinality(), set.size());
    }
    int[] inputs = new int[columns];
    int[] outputs = new int[rows];
    expected.stream().forEach(p -> inputs[p % columns]++);
    expected.stream().forEach(p -> outputs[p / columns]++);
    assertArrayEquals(inputs, set.inputDegrees());
    assertArrayEquals(outputs, set.outputDegrees());
    State state = new State("test");
    set.save(state, "x");
    PositionSet restored = PositionSet.restore(state, "x", rows, columns);
    assertEquals(set.size(), restored.size());
    assertArrayEquals(set.inputDegrees(), restored.inputDegrees());
    Csr next = Csr.random(rows, columns, density, random);
    assertEquals(
        set.overlap(next.rowStart, next.column), restored.overlap(next.rowStart, next.column));
  }

  @Test
  void isNeverLargerThanABitmapNorMuchLargerThanAList() {
    int rows = 64;
    int columns = 1024;
    PositionSet full = new PositionSet(rows, columns);
    Csr all = Csr.random(rows, columns, 1, new SplittableRandom(1));
    full.addAll(all.rowStart, all.column);
    PositionSet few = PositionSet.of(columns, rowsOfThree(rows), threes(rows));
    assertTrue(saved(full) <= rows * columns / 32, "a bitmap");
    assertEquals(3 * rows, saved(few), "a list");
  }

  private static int[] rowsOfThree(int rows) {
    int[] start = new int[rows + 1];
    for (int r = 1; r <= rows; r++) {
      start[r] = 3 * r;
    }
    return start;
  }

  private static int[] threes(int rows) {
    int[] column = new int[3 * rows];
    for (int k = 0; k < column.length; k++) {
      column[k] = 100 * (k % 3) + k / 3;
    }
    return column;
  }

  private static int saved(PositionSet set) {
    State state = new State("test");
    set.save(state, "x");
    return state.ints("x.data").length;
  }

  @Test
  void whatDoesNotFitIsRefused() {
    State state = new State("some.ckpt");
    PositionSet.of(1024, rowsOfThree(8), threes(8)).save(state, "x");
    refused(state, 8, 1023 - 900);
    refused(state, 7, 1024);
    state.ints("x.data")[1] = 0;
    state.ints("x.data")[0] = 5;
    refused(state, 8, 1024);
    state.put("x.count", new int[] {-1, 3, 3, 3, 3, 3, 3, 3});
    refused(state, 8, 1024);
    state.put("x.count", new int[] {Integer.MAX_VALUE, 3, 3, 3, 3, 3, 3, 3});
    refused(state, 8, 1024);
  }

  private static void refused(State state, int rows, int columns) {
    String message =
        assertThrows(UserException.class, () -> PositionSet.restore(state, "x", rows, columns))
            .getMessage();
    assertTrue(message.startsWith("some.ckpt: 'x' is no set of positions"), message);
  }

  @Test
  void distanceIsJaccards() {
    assertEquals(0, Overlap.NONE.distance());
    assertEquals(0.75, new Overlap(1, 4).plus(new Overlap(1, 4)).distance());
  }
}
