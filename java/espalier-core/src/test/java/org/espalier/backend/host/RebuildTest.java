/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.espalier.sparse.CsrMatrix;
import org.espalier.sparse.SparseWeights;
import org.espalier.sparse.ValueRule;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.ElementType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RebuildTest {

  private static final ValueRule UNIFORM = new ValueRule(ValueRule.Kind.UNIFORM, 1);
  private static final long VALUE_KEY = 40;

  private final HostMemory memory = new HostMemory();
  private final WorkerPool pool = new WorkerPool(2);
  private final HostTopology topology = new HostTopology(memory, pool);

  /** Cells 0 2 | 3 4 5 | (none): values 1 to 5, states ten times and a hundred times as large. */
  private SparseWeights weights() {
    float none = Layer.NONE;
    CsrMatrix csr =
        Layer.of(
            memory,
            new float[] {1, none, 2},
            new float[] {3, 4, 5},
            new float[] {none, none, none});
    SparseWeights weights = new SparseWeights("layer", csr, ValueRule.ZEROS);
    weights.addState(memory.of(new float[] {10, 20, 30, 40, 50}));
    weights.addState(memory.of(new float[] {100, 200, 300, 400, 500}));
    return weights;
  }

  private void rebuild(
      SparseWeights weights, ValueRule rule, boolean keepRegrown, int[] keep, long... grown) {
    DeviceBuffer positions = null;
    if (grown.length > 0) {
      positions = memory.allocate(ElementType.INT64, grown.length);
      System.arraycopy(grown, 0, HostBuffer.longs(positions), 0, grown.length);
    }
    DeviceBuffer flags = memory.of(keep);
    topology.rebuild(weights, flags, positions, grown.length, rule, VALUE_KEY, keepRegrown);
    flags.close();
    if (positions != null) {
      positions.close();
    }
  }

  private Map<Long, Float> values(SparseWeights weights) {
    return Layer.cells(memory, weights.csr());
  }

  private Map<Long, Float> state(SparseWeights weights, int index) {
    return Layer.cells(memory, weights.csr(), weights.state().get(index));
  }

  @Test
  void survivorsKeepValueAndEveryStateAndGrownOnesStartFresh() {
    SparseWeights weights = weights();
    rebuild(weights, UNIFORM, true, new int[] {0, 1, 1, 0, 1}, 1, 7);
    assertEquals(
        Map.of(
            1L, UNIFORM.valueAt(VALUE_KEY, 1),
            2L, 2f,
            3L, 3f,
            5L, 5f,
            7L, UNIFORM.valueAt(VALUE_KEY, 7)),
        values(weights));
    assertEquals(Map.of(1L, 0f, 2L, 20f, 3L, 30f, 5L, 50f, 7L, 0f), state(weights, 0));
    assertEquals(Map.of(1L, 0f, 2L, 200f, 3L, 300f, 5L, 500f, 7L, 0f), state(weights, 1));
    assertEquals(5, weights.csr().nnz());
    weights.close();
    assertEquals(0, memory.liveBuffers());
  }

  @Test
  void aConnectionPrunedAndRegrownKeepsItsValueIfAsked() {
    SparseWeights weights = weights();
    rebuild(weights, UNIFORM, true, new int[] {0, 1, 1, 0, 1}, 0, 8);
    assertEquals(
        Map.of(0L, 1f, 2L, 2f, 3L, 3f, 5L, 5f, 8L, UNIFORM.valueAt(VALUE_KEY, 8)), values(weights));
    assertEquals(Map.of(0L, 10f, 2L, 20f, 3L, 30f, 5L, 50f, 8L, 0f), state(weights, 0));
  }

  @Test
  void aConnectionPrunedAndRegrownStartsFreshOtherwise() {
    SparseWeights weights = weights();
    rebuild(weights, UNIFORM, false, new int[] {0, 1, 1, 0, 1}, 0, 4);
    assertEquals(
        Map.of(
            0L, UNIFORM.valueAt(VALUE_KEY, 0),
            2L, 2f,
            3L, 3f,
            4L, UNIFORM.valueAt(VALUE_KEY, 4),
            5L, 5f),
        values(weights));
    assertEquals(Map.of(0L, 0f, 2L, 20f, 3L, 30f, 4L, 0f, 5L, 50f), state(weights, 0));
  }

  @Test
  void withoutGrowthConnectionsOnlyGo() {
    SparseWeights weights = weights();
    rebuild(weights, UNIFORM, true, new int[] {0, 1, 0, 0, 1});
    assertEquals(Map.of(2L, 2f, 5L, 5f), values(weights));
    assertEquals(Map.of(2L, 200f, 5L, 500f), state(weights, 1));
    rebuild(weights, UNIFORM, true, new int[] {0, 0});
    assertEquals(Map.of(), values(weights));
    rebuild(weights, ValueRule.ZEROS, true, new int[0], 4);
    assertEquals(Map.of(4L, 0f), values(weights));
  }

  @Test
  void moreCanGrowThanWent() {
    SparseWeights weights = weights();
    rebuild(weights, ValueRule.ZEROS, true, new int[] {1, 1, 1, 1, 1}, 1, 6, 7, 8);
    assertEquals(9, weights.csr().nnz());
    assertEquals(
        Map.of(0L, 1f, 1L, 0f, 2L, 2f, 3L, 3f, 4L, 4f, 5L, 5f, 6L, 0f, 7L, 0f, 8L, 0f),
        values(weights));
  }

  @Test
  void theTransposedCopyIsDroppedAndEverythingOldIsClosed() {
    SparseWeights weights = weights();
    weights.setTransposed(topology.transpose(weights.csr()));
    rebuild(weights, UNIFORM, true, new int[] {1, 1, 1, 1, 0}, 8);
    assertTrue(weights.transposed().isEmpty());
    assertEquals(3 + 2, memory.liveBuffers());
    weights.close();
    assertEquals(0, memory.liveBuffers());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void agreesWithMapsOnARandomLayer(boolean keepRegrown) {
    CsrMatrix csr = topology.random(40, 30, 700, 1, UNIFORM, 2);
    SparseWeights weights = new SparseWeights("layer", csr, UNIFORM);
    TreeMap<Long, Float> before = Layer.cells(memory, csr);
    DeviceBuffer keep = memory.allocate(ElementType.INT32, 700);
    int pruned = topology.pruneSignwise(csr, 0.4, keep);
    DeviceBuffer positions = memory.allocate(ElementType.INT64, pruned);
    topology.growRandom(csr, keep, pruned, 3, positions);
    Set<Long> grown = new HashSet<>();
    for (long position : HostBuffer.longs(positions)) {
      grown.add(position);
    }
    TreeMap<Long, Float> expected = new TreeMap<>();
    int[] flags = memory.ints(keep, 700);
    int k = 0;
    int regrown = 0;
    for (Map.Entry<Long, Float> cell : before.entrySet()) {
      boolean survives = flags[k++] == 1;
      boolean again = !survives && grown.contains(cell.getKey());
      regrown += again ? 1 : 0;
      if (survives || again && keepRegrown) {
        expected.put(cell.getKey(), cell.getValue());
      }
    }
    grown.forEach(position -> expected.putIfAbsent(position, UNIFORM.valueAt(VALUE_KEY, position)));
    topology.rebuild(weights, keep, positions, pruned, UNIFORM, VALUE_KEY, keepRegrown);
    assertEquals(expected, values(weights));
    assertEquals(700, weights.csr().nnz());
    assertTrue(regrown > 20, "the case needs some regrown ones, not " + regrown);
  }
}
