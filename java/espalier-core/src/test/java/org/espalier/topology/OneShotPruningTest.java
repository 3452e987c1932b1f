/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.topology;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import org.espalier.backend.scalar.ScalarBackend;
import org.espalier.topology.Layers.Entry;
import org.junit.jupiter.api.Test;

class OneShotPruningTest {

  private static final PruneCriterion MAGNITUDE = new PruneCriterion.Magnitude();

  private final ScalarBackend backend = new ScalarBackend();

  private static List<Integer> pruned(List<TopologyChange> changes) {
    return changes.stream().map(TopologyChange::pruned).toList();
  }

  @Test
  void eachLayerLosesItsShareRoundedUpAndTheRestIsAsItWas() {
    try (Layers layers = new Layers(backend).add(20, 15, 101).add(10, 20, 60)) {
      List<Map<Long, Entry>> before = layers.all();
      OneShotPruning rule = new OneShotPruning(MAGNITUDE, PruneScope.LAYER, 0.9);
      assertEquals(List.of(91, 54), pruned(rule.update(layers.update(1))));
      for (int l = 0; l < 2; l++) {
        Map<Long, Entry> after = layers.entries(l);
        before.get(l).entrySet().retainAll(after.entrySet());
        assertEquals(before.get(l), after);
      }
      assertEquals(List.of(10, 6), layers.all().stream().map(Map::size).toList());
    }
  }

  @Test
  void allLayersTogetherLoseTheSameNumber() {
    try (Layers layers = new Layers(backend).add(20, 15, 101).add(10, 20, 60)) {
      OneShotPruning rule = new OneShotPruning(MAGNITUDE, PruneScope.GLOBAL, 0.5);
      List<Integer> pruned = pruned(rule.update(layers.update(1)));
      assertEquals(51 + 30, pruned.get(0) + pruned.get(1));
    }
  }

  @Test
  void aShareOfZeroChangesNothing() {
    try (Layers layers = new Layers(backend).add(20, 15, 101)) {
      List<Map<Long, Entry>> before = layers.all();
      new OneShotPruning(MAGNITUDE, PruneScope.LAYER, 0).update(layers.update(1));
      assertEquals(before, layers.all());
    }
  }

  @Test
  void sharesThatAreNoneAreRefused() {
    assertThrows(
        IllegalArgumentException.class, () -> new OneShotPruning(MAGNITUDE, PruneScope.LAYER, 1.1));
    assertThrows(
        IllegalArgumentException.class,
        () -> new OneShotPruning(new PruneCriterion.Signwise(), PruneScope.GLOBAL, 0.1));
  }
}
