/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.topology;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import org.espalier.backend.scalar.ScalarBackend;
import org.espalier.sparse.CsrMatrix;
import org.espalier.sparse.SparseWeights;
import org.espalier.sparse.ValueRule;
import org.espalier.tensor.ElementType;
import org.espalier.topology.PruneAndGrow.NewWeights;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PruneAndGrowSetTest {

  private static final ValueRule INITIAL = new ValueRule(ValueRule.Kind.NORMAL, 0.1f);

  private final ScalarBackend backend = new ScalarBackend();

  private final TopologyMemory memory = new TopologyMemory();

  private TopologyUpdate one(SparseWeights weights, long key) {
    return TopologyUpdate.of(backend, memory, weights, key);
  }

  /** SET with another fraction and other new weights. */
  private static PruneAndGrow set(
      double fraction, NewWeights newWeights, boolean keepRegrown, boolean pruneAtEnd) {
    return new PruneAndGrow(
        new PruneCriterion.Signwise(),
        PruneScope.LAYER,
        new DropFraction.Constant(fraction),
        new GrowthCriterion.Random(),
        Redistribution.NONE,
        newWeights,
        keepRegrown,
        pruneAtEnd);
  }

  /** Value and momentum of a connection. */
  private record Entry(float value, float momentum) {}

  @AfterEach
  void nothingIsLeft() {
    assertEquals(0, backend.memory().liveBuffers());
  }

  private SparseWeights random(int rows, int columns, int count) {
    CsrMatrix csr = backend.topology().random(rows, columns, count, 5, INITIAL, 6);
    return withMomentum(new SparseWeights("layer", csr, INITIAL));
  }

  /** One row of connections with the given values in columns 0, 1, ... of many. */
  private SparseWeights row(int columns, float... values) {
    int[] column = new int[values.length];
    for (int k = 0; k < column.length; k++) {
      column[k] = k;
    }
    CsrMatrix csr =
        new CsrMatrix(
            1,
            columns,
            values.length,
            backend.memory().of(new int[] {0, values.length}),
            backend.memory().of(column),
            backend.memory().of(values));
    return withMomentum(new SparseWeights("layer", csr, INITIAL));
  }

  /** Adds a state array that holds 1, 2, 3, ... */
  private SparseWeights withMomentum(SparseWeights weights) {
    int nnz = weights.csr().nnz();
    float[] momentum = new float[nnz];
    for (int k = 0; k < nnz; k++) {
      momentum[k] = k + 1;
    }
    weights.addState(backend.memory().allocate(ElementType.FLOAT32, nnz));
    backend.memory().upload(momentum, 0, weights.state().get(0), 0, nnz);
    return weights;
  }

  private Map<Long, Entry> entries(SparseWeights weights) {
    CsrMatrix csr = weights.csr();
    int[] rowStart = backend.memory().ints(csr.rowStart(), csr.rows() + 1);
    int[] column = backend.memory().ints(csr.column(), csr.nnz());
    float[] values = backend.memory().floats(csr.values(), csr.nnz());
    float[] momentum = backend.memory().floats(weights.state().get(0), csr.nnz());
    Map<Long, Entry> entries = new HashMap<>();
    for (int r = 0; r < csr.rows(); r++) {
      for (int k = rowStart[r]; k < rowStart[r + 1]; k++) {
        Entry twin =
            entries.put((long) r * csr.columns() + column[k], new Entry(values[k], momentum[k]));
        assertEquals(null, twin, "a cell may hold one connection only");
      }
    }
    assertEquals(csr.nnz(), entries.size());
    return entries;
  }

  @Test
  void countsStayExactOverManyUpdates() {
    try (SparseWeights weights = random(40, 30, 217)) {
      for (int update = 0; update < 200; update++) {
        Map<Long, Entry> before = entries(weights);
        long negatives = before.values().stream().filter(e -> e.value() < 0).count();
        long expected = (long) (0.3 * negatives) + (long) (0.3 * (217 - negatives));
        TopologyChange change = PruneAndGrow.set().update(one(weights, update)).get(0);
        assertEquals(new TopologyChange("layer", (int) expected, (int) expected, 217), change);
        assertEquals(217, entries(weights).size());
      }
    }
  }

  @Test
  void removesTheSmallestOfEachSignSeparately() {
    float[] values = {5f, -0.1f, 0.4f, -9f, 0.3f, 1f, -0.2f, 2f, -0.3f, 3f};
    try (SparseWeights weights = row(1000, values)) {
      // six positive: floor(0.4 * 6) = 2 go; four negative: floor(0.4 * 4) = 1 goes
      PruneAndGrow rule = set(0.4, NewWeights.ZERO, false, true);
      assertEquals(new TopologyChange("layer", 3, 0, 7), rule.finish(one(weights, 0)).get(0));
      float[] left = backend.memory().floats(weights.csr().values(), 7);
      assertArrayEquals(new float[] {5f, -9f, 1f, -0.2f, 2f, -0.3f, 3f}, left);
      float[] momentum = backend.memory().floats(weights.state().get(0), 7);
      assertArrayEquals(new float[] {1, 4, 6, 7, 8, 9, 10}, momentum);
    }
  }

  @Test
  void survivorsKeepValueAndMomentumGrownStartWithoutMomentum() {
    try (SparseWeights weights = random(50, 60, 500)) {
      Map<Long, Entry> before = entries(weights);
      TopologyChange change = PruneAndGrow.set().update(one(weights, 7)).get(0);
      Map<Long, Entry> after = entries(weights);
      long same =
          after.entrySet().stream()
              .filter(e -> e.getValue().equals(before.get(e.getKey())))
              .count();
      assertEquals(500 - change.pruned(), same);
      after.forEach(
          (cell, entry) -> {
            if (!entry.equals(before.get(cell))) {
              assertEquals(0f, entry.momentum());
              assertNotEquals(0f, entry.value());
            }
          });
    }
  }

  @Test
  void grownWeightsAreDrawnFromTheInitialDistributionOrZero() {
    for (NewWeights rule : NewWeights.values()) {
      try (SparseWeights weights = random(100, 200, 10_000)) {
        Map<Long, Entry> before = entries(weights);
        set(1, rule, false, true).update(one(weights, 3)).get(0);
        double squares = 0;
        for (Map.Entry<Long, Entry> entry : entries(weights).entrySet()) {
          assertEquals(0f, entry.getValue().momentum());
          assertNotEquals(
              rule == NewWeights.INITIAL ? before.get(entry.getKey()) : null, entry.getValue());
          squares += entry.getValue().value() * entry.getValue().value();
        }
        assertEquals(rule == NewWeights.ZERO ? 0 : 0.1, Math.sqrt(squares / 10_000), 0.003);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void connectionGrownAgainKeepsItsValueIfAsked(boolean keepRegrown) {
    // full row: what is pruned must be grown again in the same cells
    try (SparseWeights weights = row(6, 1f, 2f, 3f, -1f, -2f, -3f)) {
      PruneAndGrow rule = set(0.4, NewWeights.ZERO, keepRegrown, true);
      assertEquals(new TopologyChange("layer", 2, 2, 6), rule.update(one(weights, 1)).get(0));
      float[] values = backend.memory().floats(weights.csr().values(), 6);
      float[] momentum = backend.memory().floats(weights.state().get(0), 6);
      float kept = keepRegrown ? 1 : 0;
      assertArrayEquals(new float[] {kept, 2, 3, 0 - kept, -2, -3}, values);
      assertArrayEquals(new float[] {kept, 2, 3, 4 * kept, 5, 6}, momentum);
    }
  }

  @Test
  void anyCellThatSurvivorsLeaveCanBeGrown() {
    Map<Long, Integer> grownAt = new HashMap<>();
    for (int key = 0; key < 300; key++) {
      try (SparseWeights weights = row(6, 1f, 2f, 3f)) {
        set(0.7, NewWeights.ZERO, false, true).update(one(weights, key)).get(0);
        entries(weights)
            .forEach((cell, e) -> grownAt.merge(cell, e.value() == 0 ? 1 : 0, Integer::sum));
      }
    }
    // two of the five cells that the strongest leaves are drawn each time: 120 of 300 expected
    for (long cell : new long[] {0, 1, 3, 4, 5}) {
      assertEquals(120, grownAt.get(cell), 45, "cell " + cell);
    }
    assertEquals(0, grownAt.get(2L));
  }

  @Test
  void choicesDependOnTheKeyOnly() {
    try (SparseWeights a = random(50, 60, 500);
        SparseWeights b = random(50, 60, 500);
        SparseWeights c = random(50, 60, 500)) {
      PruneAndGrow.set().update(one(a, 11)).get(0);
      PruneAndGrow.set().update(one(b, 11)).get(0);
      PruneAndGrow.set().update(one(c, 12)).get(0);
      assertEquals(entries(a), entries(b));
      assertNotEquals(entries(a).keySet(), entries(c).keySet());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {4730, 7480, 3982, 11_000, 36_124, 63_624, 35_680, 40_000, 80_000, 100_000})
  void finalRemovalLeavesSeventyPercentUpToOneOfEachSign(int nnz) {
    try (SparseWeights weights = random(800, 900, nnz)) {
      TopologyChange change = PruneAndGrow.set().finish(one(weights, 0)).get(0);
      assertEquals(0, change.grown());
      assertEquals(nnz - change.pruned(), change.nnz());
      assertEquals(change.nnz(), weights.csr().nnz());
      assertTrue(change.nnz() >= 0.7 * nnz - 1e-6 && change.nnz() < 0.7 * nnz + 2);
    }
  }

  @Test
  void finishCanBeLeftOut() {
    PruneAndGrow rule = set(0.3, NewWeights.ZERO, false, false);
    assertFalse(rule.changesAtFinish());
    assertTrue(PruneAndGrow.set().changesAtFinish());
    try (SparseWeights weights = random(10, 10, 30)) {
      Map<Long, Entry> before = entries(weights);
      assertEquals(new TopologyChange("layer", 0, 0, 30), rule.finish(one(weights, 0)).get(0));
      assertEquals(before, entries(weights));
    }
  }

  @Test
  void edgesOfTheFraction() {
    try (SparseWeights weights = random(10, 10, 30);
        SparseWeights empty = random(10, 10, 0);
        SparseWeights full = random(10, 10, 100)) {
      Map<Long, Entry> before = entries(weights);
      set(0, NewWeights.INITIAL, false, true).update(one(weights, 1)).get(0);
      assertEquals(before, entries(weights));
      PruneAndGrow all = set(1, NewWeights.INITIAL, false, true);
      assertEquals(0, all.update(one(empty, 1)).get(0).nnz());
      assertEquals(100, all.update(one(full, 1)).get(0).nnz());
      assertEquals(0, all.finish(one(full, 0)).get(0).nnz());
      assertEquals(0, PruneAndGrow.set().update(one(full, 2)).get(0).nnz());
    }
    for (double fraction : new double[] {-0.1, 1.1, Double.NaN}) {
      assertThrows(
          IllegalArgumentException.class, () -> set(fraction, NewWeights.ZERO, false, true));
    }
  }

  @Test
  void transposedCopyOfTheOldConnectionsIsDropped() {
    try (SparseWeights weights = random(10, 10, 30)) {
      weights.setTransposed(backend.topology().transpose(weights.csr()));
      PruneAndGrow.set().update(one(weights, 1)).get(0);
      assertTrue(weights.transposed().isEmpty());
    }
  }
}
