/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend.host;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.espalier.sparse.CsrMatrix;
import org.espalier.sparse.Keys;
import org.espalier.sparse.ValueRule;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.ElementType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GrowRandomTest {

  private final HostMemory memory = new HostMemory();
  private final WorkerPool pool = new WorkerPool(2);
  private final HostTopology topology = new HostTopology(memory, pool);

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 50, 399, 600})
  void drawsExactlyAsManyDistinctFreeCells(int count) {
    CsrMatrix csr = topology.random(20, 50, 400, 1, ValueRule.ZEROS, 0);
    int[] flags = new int[400];
    Arrays.fill(flags, 1);
    long[] grown = grow(csr, flags, count, 5);
    Set<Long> taken = Layer.cells(memory, csr).keySet();
    for (int i = 0; i < count; i++) {
      assertTrue(grown[i] >= 0 && grown[i] < 1000);
      assertTrue(i == 0 || grown[i] > grown[i - 1], "ascending");
      assertFalse(taken.contains(grown[i]), "free");
    }
  }

  @Test
  void cellsJustPrunedAreFreeAgain() {
    CsrMatrix csr = Layer.of(memory, new float[] {1, 2, 3}, new float[] {4, 5, 6});
    // 2 and 6 go: cells 1 and 5 are the only free ones
    assertArrayEquals(new long[] {1, 5}, grow(csr, new int[] {1, 0, 1, 1, 1, 0}, 2, 9));
  }

  @Test
  void anEmptyLayerCanGrowEverywhere() {
    CsrMatrix csr = Layer.of(memory, new float[] {Layer.NONE, Layer.NONE});
    assertArrayEquals(new long[] {0, 1}, grow(csr, new int[0], 2, 9));
  }

  @Test
  void moreThanThereAreFreeCellsIsRefused() {
    CsrMatrix csr = Layer.of(memory, new float[] {1, Layer.NONE, 3});
    IllegalArgumentException failure =
        assertThrows(IllegalArgumentException.class, () -> grow(csr, new int[] {1, 1}, 2, 9));
    assertTrue(failure.getMessage().contains("2 connections"), failure.getMessage());
    CsrMatrix full = Layer.of(memory, new float[] {1, 2});
    assertThrows(IllegalArgumentException.class, () -> grow(full, new int[] {1, 1}, 1, 9));
    assertEquals(0, grow(full, new int[] {1, 1}, 0, 9).length);
  }

  @Test
  void everyFreeCellIsEquallyLikely() {
    float none = Layer.NONE;
    CsrMatrix csr =
        Layer.of(
            memory,
            new float[] {1, none, none, 1, none},
            new float[] {none, none, none, none, none},
            new float[] {1, 1, 1, 1, 1},
            new float[] {none, 1, none, none, 1});
    int[] flags = new int[csr.nnz()];
    Arrays.fill(flags, 1);
    flags[3] = 0; // one of the full row
    int free = 20 - csr.nnz() + 1;
    int trials = 20_000;
    int[] hits = new int[20];
    for (int trial = 0; trial < trials; trial++) {
      for (long cell : grow(csr, flags, 3, Keys.of(77, trial))) {
        hits[(int) cell]++;
      }
    }
    double expected = 3.0 * trials / free;
    double chiSquare = 0;
    int possible = 0;
    for (int hit : hits) {
      if (hit > 0) {
        possible++;
        chiSquare += (hit - expected) * (hit - expected) / expected;
      }
    }
    assertEquals(free, possible);
    // about 11 degrees of freedom
    assertTrue(chiSquare < 33, "chi-square " + chiSquare);
  }

  @Test
  void positionsBeyond32BitsAreDrawnToo() {
    CsrMatrix csr = topology.random(300_000, 300_000, 1000, 1, ValueRule.ZEROS, 0);
    int[] flags = new int[1000];
    Arrays.fill(flags, 1);
    long[] grown = grow(csr, flags, 1000, 3);
    Set<Long> all = new HashSet<>(Layer.cells(memory, csr).keySet());
    int beyond = 0;
    for (long cell : grown) {
      assertTrue(all.add(cell));
      assertTrue(cell < 90_000_000_000L);
      beyond += cell > Integer.MAX_VALUE ? 1 : 0;
    }
    assertTrue(beyond > 900, "beyond 32 bits: " + beyond);
  }

  @Test
  void theKeyDecides() {
    CsrMatrix csr = topology.random(20, 50, 400, 1, ValueRule.ZEROS, 0);
    int[] flags = new int[400];
    Arrays.fill(flags, 1);
    assertArrayEquals(grow(csr, flags, 100, 5), grow(csr, flags, 100, 5));
    assertFalse(Arrays.equals(grow(csr, flags, 100, 5), grow(csr, flags, 100, 6)));
  }

  private long[] grow(CsrMatrix csr, int[] keep, int count, long key) {
    DeviceBuffer positions = memory.allocate(ElementType.INT64, count);
    topology.growRandom(csr, memory.of(keep), count, key, positions);
    return HostBuffer.longs(positions);
  }
}
