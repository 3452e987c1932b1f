/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend.scalar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.espalier.backend.Dropout;
import org.espalier.backend.Memory;
import org.espalier.sparse.Keys;
import org.espalier.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DropoutTest {

  private static final int ROWS = 200;
  private static final int POSITIONS = 500;

  private final ScalarBackend backend = new ScalarBackend();
  private final Memory memory = backend.memory();

  @ParameterizedTest
  @ValueSource(floats = {0.1f, 0.3f, 0.5f, 0.9f})
  void dropsItsShareOverallInEveryRowAndInEveryColumn(float rate) {
    Dropout dropout = new Dropout(rate, Keys.of(1, 2));
    int[] inRow = new int[ROWS];
    int[] inColumn = new int[POSITIONS];
    for (int r = 0; r < ROWS; r++) {
      for (int p = 0; p < POSITIONS; p++) {
        int dropped = dropout.keeps(r, p) ? 0 : 1;
        inRow[r] += dropped;
        inColumn[p] += dropped;
      }
    }
    double all = Arrays.stream(inRow).sum() / (double) (ROWS * POSITIONS);
    double spread = Math.sqrt(rate * (1 - rate));
    assertEquals(rate, all, 5 * spread / Math.sqrt(ROWS * POSITIONS));
    assertEquals(1, chiSquare(inRow, POSITIONS, rate) / ROWS, 0.4);
    assertEquals(1, chiSquare(inColumn, ROWS, rate) / POSITIONS, 0.3);
  }

  /** Sum of squared deviations of binomial counts, in units of their variance. */
  private static double chiSquare(int[] counts, int trials, double rate) {
    double variance = trials * rate * (1 - rate);
    return Arrays.stream(counts).mapToDouble(n -> Math.pow(n - trials * rate, 2)).sum() / variance;
  }

  @Test
  void neighboursRowsAndKeysAreIndependent() {
    Dropout dropout = new Dropout(0.5f, 3);
    Dropout next = new Dropout(0.5f, 4);
    int alongRow = 0;
    int alongColumn = 0;
    int acrossKeys = 0;
    for (int r = 0; r < ROWS; r++) {
      for (int p = 0; p < POSITIONS; p++) {
        alongRow += dropout.keeps(r, p) == dropout.keeps(r, p + 1) ? 1 : 0;
        alongColumn += dropout.keeps(r, p) == dropout.keeps(r + 1, p) ? 1 : 0;
        acrossKeys += dropout.keeps(r, p) == next.keeps(r, p) ? 1 : 0;
      }
    }
    // standard deviation 0.0016
    assertEquals(0.5, alongRow / (double) (ROWS * POSITIONS), 0.008);
    assertEquals(0.5, alongColumn / (double) (ROWS * POSITIONS), 0.008);
    assertEquals(0.5, acrossKeys / (double) (ROWS * POSITIONS), 0.008);
  }

  @Test
  void theOperationKeepsWhatTheRuleKeepsAndScalesIt() {
    Dropout dropout = new Dropout(0.2f, 9);
    Matrix x = Matrix.random(5, 33, 1);
    Tensor tensor = x.tensor(memory);
    Tensor y = Matrix.random(5, 33, 2).tensor(memory);
    backend.rows().dropout(dropout, tensor, y);
    backend.rows().dropout(dropout, tensor, tensor);
    Matrix.assertClose(Matrix.of(memory, y), Matrix.of(memory, tensor), 0);
    for (int r = 0; r < 5; r++) {
      for (int p = 0; p < 33; p++) {
        double expected = dropout.keeps(r, p) ? x.cells()[r][p] / 0.8 : 0;
        assertEquals(expected, Matrix.of(memory, y).cells()[r][p], 1e-7);
      }
    }
  }

  @Test
  void keepingIsAThresholdOn24HashedBits() {
    Dropout dropout = new Dropout(0.25f, 12);
    assertEquals(1 << 22, dropout.threshold());
    int seed = (int) (Keys.hash(12, 6) >>> 32);
    for (int p = 0; p < 100; p++) {
      int bits = Keys.mix(seed + p * 0x9E3779B9) >>> 8;
      assertEquals(bits >= 1 << 22, dropout.keeps(6, p));
    }
  }

  @Test
  void rateZeroKeepsEverything() {
    Dropout dropout = new Dropout(0, 1);
    assertEquals(1f, dropout.scale());
    for (int p = 0; p < 1000; p++) {
      assertTrue(dropout.keeps(0, p));
    }
  }

  @Test
  void ratesOutsideTheRangeAreRefused() {
    for (float rate : new float[] {-0.1f, 1, 2, Float.NaN}) {
      assertThrows(IllegalArgumentException.class, () -> new Dropout(rate, 1));
    }
  }
}
