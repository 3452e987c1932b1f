/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.espalier.backend.Backend;
import org.espalier.backend.Backends;
import org.espalier.backend.scalar.ScalarBackend;
import org.espalier.nn.Loss;
import org.espalier.nn.Network;
import org.espalier.nn.NetworkBuilder;
import org.espalier.nn.NetworkSpec;
import org.espalier.nn.WeightInit;
import org.espalier.optim.LearningRate;
import org.espalier.optim.Sgd;
import org.espalier.topology.DropFraction;
import org.espalier.topology.GrowthCriterion;
import org.espalier.topology.PruneAndGrow;
import org.espalier.topology.PruneCriterion;
import org.espalier.topology.PruneScope;
import org.espalier.topology.Redistribution;
import org.espalier.topology.UniformDensity;
import org.espalier.topology.UpdateSchedule;
import org.espalier.topology.UpdateSchedule.Unit;
import org.junit.jupiter.api.Test;

/** Steps of several batches are the steps of one large batch, to rounding. */
class AccumulationTest {

  private static final SampleSource TRAIN = Runs.clouds(100, 1);
  private static final SampleSource TEST = Runs.clouds(60, 2);

  /** Without dropout, which draws for each batch. */
  private static Network network(Backend backend, int maxPositions) {
    NetworkSpec spec =
        NetworkSpec.inputs(Runs.FEATURES)
            .sparseLinear(20)
            .srelu()
            .sparseLinear(16)
            .relu()
            .denseLinear(Runs.CLASSES);
    return new NetworkBuilder(spec, new UniformDensity(0.4), WeightInit.HE, true, 7, maxPositions)
        .build(backend);
  }

  private static TrainingPlan plan(int batch, int accumulate, double clipNorm, TopologyPlan how) {
    return new TrainingPlan(
        3,
        batch,
        3,
        new Loss.SoftmaxCrossEntropy(0.05f),
        new Sgd(0.9f, true, 1e-3f),
        new LearningRate.Step(0.05, List.of(0.3, 0.6), 0.5),
        clipNorm,
        how,
        1,
        Refinements.NONE.withAccumulate(accumulate));
  }

  private record Run(TrainingResult result, Recorder recorder, State state) {}

  private static Run run(Backend backend, TrainingPlan plan, State from, int stop) {
    try (Network network = network(backend, plan.batchSize())) {
      Trainer[] trainer = new Trainer[1];
      Recorder recorder =
          new Recorder(
              self -> {
                if (self.losses.size() == stop) {
                  trainer[0].cancel();
                }
              });
      trainer[0] = new Trainer(network, plan, recorder);
      if (from != null) {
        trainer[0].resume(from);
      }
      TrainingResult result = trainer[0].fit(TRAIN, TEST);
      State state = new State("end");
      NetworkState.save(network, state, true);
      return new Run(result, recorder, state);
    }
  }

  private static void assertClose(State expected, State actual) {
    assertEquals(expected.values().keySet(), actual.values().keySet());
    expected
        .values()
        .forEach(
            (name, value) -> {
              if (value instanceof float[] floats) {
                assertArrayEquals(floats, actual.floats(name), 2e-5f, name);
              } else {
                assertEquals(Runs.text(value), Runs.text(actual.values().get(name)), name);
              }
            });
  }

  @Test
  void equalOneLargeBatchToRounding() {
    TopologyPlan set =
        new TopologyPlan(PruneAndGrow.set(), new UpdateSchedule(Unit.STEPS, 4, 1), 1);
    for (String name : List.of("cpu-scalar", "cpu-portable")) {
      try (Backend backend = Backends.open(name, 2)) {
        for (double clipNorm : new double[] {0, 0.5}) {
          // 100 samples: steps of 32, the last of 4, which is not even one batch of 8 or 7
          Run large = run(backend, plan(32, 1, clipNorm, set), null, 0);
          Run parts = run(backend, plan(8, 4, clipNorm, set), null, 0);
          assertClose(large.state(), parts.state());
          assertEquals(large.result().steps(), parts.result().steps());
          assertEquals(large.result().samples(), parts.result().samples());
          assertEquals(large.result().flops(), parts.result().flops(), 1);
          assertEquals(large.recorder().order, parts.recorder().order);
          for (int step = 0; step < large.recorder().losses.size(); step++) {
            assertEquals(
                large.recorder().losses.get(step), parts.recorder().losses.get(step), 1e-5);
          }
          // 5 batches of 7 and a last step of 30 samples in as many, one of them of 2
          assertClose(
              run(backend, plan(35, 1, clipNorm, set), null, 0).state(),
              run(backend, plan(7, 5, clipNorm, set), null, 0).state());
        }
        assertEquals(0, backend.memory().liveBuffers());
      }
    }
  }

  @Test
  void updatesByGradientSeeTheSamplesOfTheNextStep() {
    TopologyPlan rigl =
        new TopologyPlan(
            rule(new GrowthCriterion.Gradient()), new UpdateSchedule(Unit.STEPS, 3, 1), 1);
    TopologyPlan four = new TopologyPlan(rigl.rule(), rigl.schedule(), 4);
    try (Backend backend = new ScalarBackend();
        Network large = network(backend, 32);
        Network parts = network(backend, 32)) {
      Recorder first = new Recorder();
      Recorder second = new Recorder();
      new Trainer(large, plan(32, 1, 0, rigl), first).fit(TRAIN, TEST);
      new Trainer(parts, plan(8, 4, 0, four), second).fit(TRAIN, TEST);
      State expected = new State("large");
      NetworkState.save(large, expected, true);
      State actual = new State("parts");
      NetworkState.save(parts, actual, true);
      assertClose(expected, actual);
      assertTrue(first.order.contains("update 2"));
    }
  }

  private static PruneAndGrow rule(GrowthCriterion growth) {
    return new PruneAndGrow(
        new PruneCriterion.Magnitude(),
        PruneScope.LAYER,
        new DropFraction.Constant(0.3),
        growth,
        Redistribution.NONE,
        PruneAndGrow.NewWeights.ZERO,
        false,
        false);
  }

  @Test
  void resumedInTheMiddleOfAnEpochTheyEndWithTheSameBits() {
    TopologyPlan set =
        new TopologyPlan(PruneAndGrow.set(), new UpdateSchedule(Unit.STEPS, 3, 1), 1);
    try (Backend backend = new ScalarBackend()) {
      TrainingPlan plan = plan(7, 4, 0, set);
      Run whole = run(backend, plan, null, 0);
      assertEquals(12, whole.result().steps());
      for (int steps = 1; steps < 12; steps++) {
        Run part = run(backend, plan, null, steps);
        assertEquals(steps, part.result().steps());
        List<Recorder.Checkpoint> checkpoints = part.recorder().checkpoints;
        State last = checkpoints.get(checkpoints.size() - 1).state();
        Run rest = run(backend, plan, last, 0);
        whole
            .state()
            .values()
            .forEach(
                (name, value) ->
                    assertEquals(
                        Runs.text(value), Runs.text(rest.state().values().get(name)), name));
        assertEquals(whole.result().test(), rest.result().test());
      }
    }
  }

  @Test
  void rulesThatFollowEveryGradientAreRefused() {
    TopologyPlan momentum =
        new TopologyPlan(rule(new GrowthCriterion.Momentum(0.9)), UpdateSchedule.everyEpoch(), 1);
    assertThrows(IllegalArgumentException.class, () -> plan(8, 2, 0, momentum));
    assertThrows(IllegalArgumentException.class, () -> plan(8, 0, 0, null));
  }
}
