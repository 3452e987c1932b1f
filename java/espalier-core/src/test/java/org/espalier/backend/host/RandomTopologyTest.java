/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend.host;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.TreeMap;
import org.espalier.sparse.CsrMatrix;
import org.espalier.sparse.Keys;
import org.espalier.sparse.TransposedCopy;
import org.espalier.sparse.ValueRule;
import org.junit.jupiter.api.Test;

class RandomTopologyTest {

  private static final ValueRule NORMAL = new ValueRule(ValueRule.Kind.NORMAL, 1);

  private final HostMemory memory = new HostMemory();
  private final WorkerPool pool = new WorkerPool(2);
  private final HostTopology topology = new HostTopology(memory, pool);

  @Test
  void hasExactlyAsManyConnectionsEachWithTheValueOfItsPosition() {
    for (int count : new int[] {0, 1, 77, 131, 132}) {
      CsrMatrix csr = topology.random(11, 12, count, 3, NORMAL, 4);
      TreeMap<Long, Float> cells = Layer.cells(memory, csr);
      assertEquals(count, csr.nnz());
      assertEquals(count, cells.size());
      cells.forEach((position, value) -> assertEquals(NORMAL.valueAt(4, position), value));
    }
  }

  @Test
  void moreConnectionsThanCellsAreRefusedAndNothingIsLeftOpen() {
    assertThrows(IllegalArgumentException.class, () -> topology.random(3, 4, 13, 1, NORMAL, 1));
    assertEquals(0, memory.liveBuffers());
  }

  @Test
  void everyCellIsEquallyLikely() {
    int[] hits = new int[30];
    int trials = 10_000;
    for (int trial = 0; trial < trials; trial++) {
      try (CsrMatrix csr = topology.random(5, 6, 9, Keys.of(8, trial), ValueRule.ZEROS, 0)) {
        Layer.cells(memory, csr).keySet().forEach(cell -> hits[cell.intValue()]++);
      }
    }
    double expected = trials * 9 / 30.0;
    double chiSquare = 0;
    for (int hit : hits) {
      chiSquare += (hit - expected) * (hit - expected) / expected;
    }
    // 29 degrees of freedom, less since the draws of a trial exclude each other
    assertTrue(chiSquare < 60, "chi-square " + chiSquare);
  }

  @Test
  void theKeyDecidesTheCells() {
    CsrMatrix one = topology.random(20, 30, 100, 1, NORMAL, 2);
    CsrMatrix same = topology.random(20, 30, 100, 1, NORMAL, 2);
    CsrMatrix other = topology.random(20, 30, 100, 7, NORMAL, 2);
    assertEquals(Layer.cells(memory, one), Layer.cells(memory, same));
    assertNotEquals(Layer.cells(memory, one).keySet(), Layer.cells(memory, other).keySet());
  }

  @Test
  void theTransposedCopyHoldsTheSameConnectionsAndSaysWhereEachWent() {
    for (int count : new int[] {0, 1, 60, 20 * 31}) {
      CsrMatrix csr = topology.random(20, 31, count, 5, NORMAL, 6);
      try (TransposedCopy copy = topology.transpose(csr)) {
        assertEquals(31, copy.csr().rows());
        assertEquals(20, copy.csr().columns());
        TreeMap<Long, Float> expected = new TreeMap<>();
        Layer.cells(memory, csr)
            .forEach((cell, value) -> expected.put(cell % 31 * 20 + cell / 31, value));
        assertEquals(expected, Layer.cells(memory, copy.csr()));
        float[] from = memory.floats(csr.values(), count);
        float[] to = memory.floats(copy.csr().values(), count);
        int[] slot = memory.ints(copy.slot(), count);
        float[] moved = new float[count];
        for (int k = 0; k < count; k++) {
          moved[slot[k]] = from[k];
        }
        assertArrayEquals(to, moved);
      }
      csr.close();
    }
    assertEquals(0, memory.liveBuffers());
  }
}
