/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.List;
import org.espalier.backend.scalar.ScalarBackend;
import org.espalier.nn.Network;
import org.espalier.topology.DropFraction;
import org.espalier.topology.GrowthCriterion;
import org.espalier.topology.PruneAndGrow;
import org.espalier.topology.PruneCriterion;
import org.espalier.topology.PruneScope;
import org.espalier.topology.Redistribution;
import org.espalier.topology.TopologyChange;
import org.espalier.topology.UpdateSchedule;
import org.junit.jupiter.api.Test;

class SingleUpdateTest {

  private static final TrainingPlan PLAN =
      Runs.plan(2, UpdateSchedule.everyEpoch())
          .withTopology(
              new TopologyPlan(
                  new PruneAndGrow(
                      new PruneCriterion.Magnitude(),
                      PruneScope.LAYER,
                      new DropFraction.Constant(0.5),
                      new GrowthCriterion.Gradient(),
                      Redistribution.NONE,
                      PruneAndGrow.NewWeights.ZERO,
                      false,
                      false),
                  UpdateSchedule.everyEpoch(),
                  2));

  private static Runs.Bits updated(TrainingPlan plan) {
    try (ScalarBackend backend = new ScalarBackend();
        Network network = Runs.network(backend, 2 * plan.batchSize())) {
      List<TopologyChange> changes = SingleUpdate.apply(network, plan, Runs.clouds(90, 1));
      // 12 x 20 and 20 x 16 cells at density 0.4
      assertEquals(
          List.of(
              new TopologyChange("linear1", 48, 48, 96),
              new TopologyChange("linear2", 64, 64, 128)),
          changes);
      return Runs.bits(network);
    }
  }

  @Test
  void changesConnectionsByTheGradientsOfTheFirstSamplesAndNothingElse() {
    Runs.Bits bits = updated(PLAN);
    assertEquals(bits, updated(PLAN));
    assertNotEquals(bits, updated(PLAN.withSeed(4)), "another order of samples");
    try (ScalarBackend backend = new ScalarBackend();
        Network network = Runs.network(backend, 32)) {
      Runs.bits(network).values().entrySet().stream()
          .filter(entry -> entry.getKey().endsWith("bias"))
          .forEach(entry -> assertEquals(entry.getValue(), bits.values().get(entry.getKey())));
    }
  }
}
