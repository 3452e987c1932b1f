/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.topology;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.espalier.backend.Backend;
import org.espalier.backend.scalar.ScalarBackend;
import org.espalier.topology.PruneAndGrow.NewWeights;
import org.espalier.topology.UpdateSchedule.Unit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GradualPruningTest {

  private final Backend backend = new ScalarBackend();

  @AfterEach
  void nothingIsLeft() {
    assertEquals(0, backend.memory().liveBuffers());
  }

  private static GradualPruning ramp(PruneScope scope, double end, double from, double until) {
    return new GradualPruning(new PruneCriterion.Magnitude(), scope, 1, end, from, until);
  }

  private static RunMoment moment(long step, long steps, UpdateSchedule schedule) {
    return new RunMoment(step, steps, 10, schedule);
  }

  @Test
  void densityFollowsTheCubicOfZhuAndGupta() {
    UpdateSchedule every10 = new UpdateSchedule(Unit.STEPS, 10, 1);
    GradualPruning ramp = ramp(PruneScope.GLOBAL, 0.1, 0.2, 0.6);
    // from step 200 to step 600 of 1000
    for (long step = 10; step < 1000; step += 10) {
      double t = Math.max(0, Math.min(1, (step - 200) / 400.0));
      double expected = 0.1 + 0.9 * Math.pow(1 - t, 3);
      assertEquals(expected, ramp.density(moment(step, 1000, every10)), 1e-12);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "STEPS, 10, 1, 1000",
    "STEPS, 7, 0.5, 1000",
    "STEPS, 300, 1, 1000",
    "STEPS, 900, 0.95, 1000",
    "STEPS, 250, 1, 1000",
    "EPOCHS, 1, 1, 100",
    "EPOCHS, 3, 0.5, 100"
  })
  void theLastUpdateOfTheRampHitsTheTargetExactly(Unit unit, int every, double until, long steps) {
    UpdateSchedule schedule = new UpdateSchedule(unit, every, 1);
    GradualPruning ramp = ramp(PruneScope.GLOBAL, 0.1, 0, until);
    long last = 0;
    for (long step = 1; step < steps; step++) {
      boolean due =
          unit == Unit.STEPS
              ? schedule.dueAfterStep(step, steps)
              : step % 10 == 0 && schedule.dueAfterEpoch((int) (step / 10), (int) steps / 10);
      if (due && step <= until * steps) {
        last = step;
      }
    }
    assertTrue(last > 0);
    long before = last - (unit == Unit.STEPS ? every : 10L * every);
    assertEquals(0.1, ramp.density(moment(last, steps, schedule)));
    assertTrue(ramp.density(moment(before, steps, schedule)) > 0.1);
  }

  @Test
  void connectionsAreExactAtEveryUpdate() {
    UpdateSchedule schedule = new UpdateSchedule(Unit.STEPS, 10, 1);
    for (PruneScope scope : List.of(PruneScope.GLOBAL, PruneScope.LAYER)) {
      try (Layers layers = new Layers(backend).add(20, 31, 620).add(17, 20, 340)) {
        GradualPruning ramp = ramp(scope, 0.123, 0, 0.5);
        for (long step = 10; step < 200; step += 10) {
          RunMoment moment = moment(step, 200, schedule);
          List<TopologyChange> changes = ramp.update(layers.update(step, moment));
          int nnz = changes.stream().mapToInt(TopologyChange::nnz).sum();
          assertEquals(Math.round(ramp.density(moment) * 960), nnz);
          if (!scope.global()) {
            assertEquals(nnz * 620 / 960.0, changes.get(0).nnz(), 2);
          }
        }
        assertEquals(118, layers.entries(0).size() + layers.entries(1).size());
      }
    }
  }

  /** GraNet: what is left after the ramp's step is what is left after regeneration too. */
  @Test
  void regenerationAfterTheRampKeepsEveryLayersConnections() {
    UpdateSchedule schedule = new UpdateSchedule(Unit.STEPS, 10, 1);
    GradualPruning ramp = ramp(PruneScope.GLOBAL, 0.1, 0, 0.5);
    TopologyRule granet =
        new InOrder(
            List.of(
                ramp,
                new PruneAndGrow(
                    new PruneCriterion.Magnitude(),
                    PruneScope.LAYER,
                    new DropFraction.Cosine(0.5, 0.005),
                    new GrowthCriterion.Gradient(),
                    Redistribution.NONE,
                    NewWeights.ZERO,
                    true,
                    false)));
    try (Layers layers = new Layers(backend).add(20, 31, 620).add(17, 20, 340);
        Layers gmp = new Layers(backend).add(20, 31, 620).add(17, 20, 340)) {
      RunMoment first = moment(10, 200, schedule);
      List<TopologyChange> both = granet.update(layers.update(1, first));
      List<TopologyChange> pruned = ramp.update(gmp.update(1, first));
      for (int l = 0; l < 2; l++) {
        assertEquals(pruned.get(l).nnz(), both.get(l).nnz());
        assertTrue(both.get(l).grown() > 0);
        assertEquals(
            both.get(l).pruned() - both.get(l).grown(), (l == 0 ? 620 : 340) - both.get(l).nnz());
      }
      for (long step = 20; step < 200; step += 10) {
        granet.update(layers.update(step, moment(step, 200, schedule)));
      }
      assertEquals(96, layers.entries(0).size() + layers.entries(1).size());
      // updates go on after the ramp, with the drop fraction of the end
      Set<Long> before = new HashSet<>(layers.entries(0).keySet());
      TopologyChange late = granet.update(layers.update(99, moment(150, 200, schedule))).get(0);
      assertEquals(before.size(), late.nnz());
      assertEquals(late.pruned(), late.grown());
      assertTrue(late.pruned() > 0);
    }
  }

  @Test
  void aLayerIsNeverLost() {
    UpdateSchedule schedule = new UpdateSchedule(Unit.STEPS, 10, 1);
    try (Layers layers = new Layers(backend).add(20, 31, 620).add(17, 20, 340)) {
      float[] tiny = new float[340];
      backend.memory().upload(tiny, 0, layers.weights.get(1).csr().values(), 0, 340);
      ramp(PruneScope.GLOBAL, 0.05, 0, 0.5).update(layers.update(1, moment(150, 200, schedule)));
      assertEquals(17, layers.entries(1).size());
      assertEquals(48 - 17, layers.entries(0).size());
    }
  }

  @Test
  void impossibleRampsAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> ramp(PruneScope.GLOBAL, 0, 0, 1));
    assertThrows(IllegalArgumentException.class, () -> ramp(PruneScope.GLOBAL, 1.1, 0, 1));
    assertThrows(IllegalArgumentException.class, () -> ramp(PruneScope.GLOBAL, 0.1, 0.5, 0.5));
    assertThrows(IllegalArgumentException.class, () -> ramp(PruneScope.GLOBAL, 0.1, 0, 1.5));
  }
}
