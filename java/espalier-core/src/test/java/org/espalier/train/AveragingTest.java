/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.espalier.UserException;
import org.espalier.backend.Backend;
import org.espalier.backend.Backends;
import org.espalier.backend.Normalization;
import org.espalier.backend.scalar.ScalarBackend;
import org.espalier.nn.LayerSpec;
import org.espalier.nn.Network;
import org.espalier.nn.NetworkBuilder;
import org.espalier.nn.NetworkSpec;
import org.espalier.nn.WeightInit;
import org.espalier.sparse.Kernel;
import org.espalier.topology.UniformDensity;
import org.espalier.topology.UpdateSchedule;
import org.espalier.topology.UpdateSchedule.Unit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Moving averages of weights that come and go. */
class AveragingTest {

  private static final SampleSource TRAIN = Runs.clouds(100, 1);
  private static final SampleSource TEST = Runs.clouds(60, 2);
  private static final double DECAY = 0.9;
  private static final UpdateSchedule EVERY_5 = new UpdateSchedule(Unit.STEPS, 5, 1);

  /** Closed by the framework. */
  static Stream<Backend> backends() {
    return Stream.of(new ScalarBackend(), Backends.open("cpu-portable", 2));
  }

  private static TrainingPlan averaged(TrainingPlan plan) {
    return plan.withRefinements(Refinements.NONE.withAverageDecay(DECAY));
  }

  /** Weights and averages by place, which is canonical for sparse weights. */
  private record Snapshot(Map<String, Float> weights, Map<String, Float> averages) {

    static Snapshot of(State state) {
      Snapshot snapshot = new Snapshot(new HashMap<>(), new HashMap<>());
      for (String name : List.of("linear1.weight", "linear2.weight")) {
        float[] values = state.floats(name + ".values");
        int[] rowStart = state.ints(name + ".row_start");
        for (int r = 0; r + 1 < rowStart.length; r++) {
          for (int k = rowStart[r]; k < rowStart[r + 1]; k++) {
            String place = name + " " + r + " " + state.ints(name + ".column")[k];
            snapshot.weights.put(place, values[k]);
            snapshot.averages.put(place, state.floats(name + ".state1")[k]);
          }
        }
      }
      for (String name : List.of("linear1.bias", "linear3.weight", "srelu")) {
        for (String key : state.values().keySet()) {
          if (key.startsWith(name) && !key.contains(".state")) {
            for (int i = 0; i < state.floats(key).length; i++) {
              snapshot.weights.put(key + " " + i, state.floats(key)[i]);
              snapshot.averages.put(key + " " + i, state.floats(key + ".state1")[i]);
            }
          }
        }
      }
      return snapshot;
    }
  }

  /** Follows a run with plain arithmetic. */
  private static final class Follower implements TrainingListener {

    private final Network network;
    private Snapshot last;
    private Map<String, Float> initial;
    private int steps;
    private int grown;
    private int survived;

    Follower(Network network) {
      this.network = network;
    }

    private Snapshot look() {
      State state = new State("now");
      NetworkState.save(network, state, true);
      return Snapshot.of(state);
    }

    @Override
    public void onStep(int epoch, int step, int all, double loss) {
      Snapshot now = look();
      double d = Math.min(DECAY, (1.0 + steps) / (10.0 + steps));
      now.averages()
          .forEach(
              (place, average) -> {
                // before the first step they are the weights
                double before = (last == null ? initial : last.averages()).get(place);
                double expected = before * d + now.weights().get(place) * (1 - d);
                assertEquals(expected, average, 1e-6, place + " after " + steps);
              });
      last = now;
      steps++;
    }

    void begin() {
      initial = look().weights();
    }

    @Override
    public void onTopologyUpdate(TopologyReport report) {
      Snapshot now = look();
      now.averages()
          .forEach(
              (place, average) -> {
                float weight = now.weights().get(place);
                if (last.weights().containsKey(place) && last.weights().get(place) == weight) {
                  assertEquals(last.averages().get(place), average, 1e-6f, place);
                  survived++;
                } else {
                  assertEquals(weight, average, place);
                  grown++;
                }
              });
      last = now;
    }
  }

  @ParameterizedTest
  @MethodSource("backends")
  void followTheirDefinitionThroughTopologyUpdates(Backend backend) {
    try (Network network = Runs.network(backend, 16)) {
      Follower follower = new Follower(network);
      Trainer trainer = new Trainer(network, averaged(Runs.plan(3, EVERY_5)), follower);
      follower.begin();
      trainer.fit(TRAIN, TEST);
      assertEquals(21, follower.steps);
      assertTrue(follower.grown > 100, follower.grown + " grown");
      assertTrue(follower.survived > 500, follower.survived + " survived");
    }
    assertEquals(0, backend.memory().liveBuffers());
  }

  /** What comes of a run. */
  private record Run(TrainingResult result, Recorder recorder, Runs.Bits bits) {}

  private static Run run(Backend backend, TrainingPlan plan, State from, int stop) {
    try (Network network = Runs.network(backend, 16)) {
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
      return new Run(trainer[0].fit(TRAIN, TEST), recorder, Runs.bits(network));
    }
  }

  @Test
  void trainingGoesOnWithTheWeightsAndTheNetworkEndsWithTheAverages() {
    try (Backend backend = new ScalarBackend()) {
      TrainingPlan plan = Runs.plan(3, UpdateSchedule.everyEpoch());
      Run plain = run(backend, plan, null, 0);
      Run averaged = run(backend, averaged(plan), null, 0);
      assertEquals(plain.recorder().losses, averaged.recorder().losses);
      assertNotEquals(plain.result().test(), averaged.result().test());
      for (String name : List.of("linear1.weight.values", "linear3.weight", "linear2.bias")) {
        String state = name.replace(".values", "") + ".state1";
        assertEquals(plain.bits().values().get(name), averaged.bits().values().get(state));
        assertNotEquals(plain.bits().values().get(name), averaged.bits().values().get(name));
      }
    }
  }

  @Test
  void whatWasEvaluatedIsTheNetworkAfterwards() {
    try (Backend backend = new ScalarBackend();
        Network network = Runs.network(backend, 16)) {
      TrainingPlan plan = averaged(Runs.plan(2, EVERY_5));
      TrainingResult result = new Trainer(network, plan, new Recorder()).fit(TRAIN, TEST);
      assertEquals(result.test(), Evaluator.evaluate(network, plan.loss(), TEST));
    }
  }

  @Test
  void resumedRunsEndWithTheSameBits() {
    try (Backend backend = new ScalarBackend()) {
      for (UpdateSchedule schedule : List.of(EVERY_5, UpdateSchedule.everyEpoch())) {
        TrainingPlan plan = averaged(Runs.plan(3, schedule));
        Run whole = run(backend, plan, null, 0);
        for (int steps = 1; steps < 21; steps += 3) {
          Run part = run(backend, plan, null, steps);
          List<Recorder.Checkpoint> checkpoints = part.recorder().checkpoints;
          State last = checkpoints.get(checkpoints.size() - 1).state();
          Run rest = run(backend, plan, last, 0);
          assertEquals(whole.bits(), rest.bits(), "stopped after " + steps);
          assertEquals(whole.result().test(), rest.result().test());
        }
      }
      assertEquals(0, backend.memory().liveBuffers());
    }
  }

  private static Network normalised(Backend backend) {
    NetworkSpec spec =
        NetworkSpec.inputs(Runs.FEATURES)
            .add(new LayerSpec.Images(3, 2, 2))
            .add(new LayerSpec.Convolution(4, Kernel.same(3, 1), true, false))
            .add(new LayerSpec.Norm(new Normalization(1e-5f, 0.1f)))
            .relu()
            .add(new LayerSpec.Flatten())
            .denseLinear(Runs.CLASSES);
    return new NetworkBuilder(spec, new UniformDensity(0.5), WeightInit.HE, true, 7, 16)
        .build(backend);
  }

  /** Returns the numbers of the network after a run, and the checkpoints of it. */
  private static State train(Backend backend, TrainingPlan plan, State from, Recorder recorder) {
    try (Network network = normalised(backend)) {
      Trainer trainer = new Trainer(network, plan, recorder);
      if (from != null) {
        trainer.resume(from);
      }
      trainer.fit(TRAIN, TEST);
      State state = new State("end");
      NetworkState.save(network, state, false);
      return state;
    }
  }

  @Test
  void statisticsOfNormalisationAreAveragedToo() {
    try (Backend backend = new ScalarBackend()) {
      TrainingPlan plan = Runs.plan(3, EVERY_5);
      String name;
      try (Network network = normalised(backend)) {
        name = network.statistics().get(0).name();
      }
      Recorder recorder = new Recorder();
      State averaged = train(backend, averaged(plan), null, recorder);
      State plain = train(backend, plan, null, new Recorder());
      for (int i = 0; i < 8; i++) {
        assertNotEquals(plain.floats(name)[i], averaged.floats(name)[i]);
        assertEquals(plain.floats(name)[i], averaged.floats(name)[i], 0.5f);
      }
      for (Recorder.Checkpoint checkpoint : recorder.checkpoints) {
        State again = train(backend, averaged(plan), checkpoint.state(), new Recorder());
        averaged
            .values()
            .forEach(
                (key, value) ->
                    assertEquals(Runs.text(value), Runs.text(again.values().get(key)), key));
      }
      State first = recorder.checkpoints.get(0).state();
      first.values().remove("average." + name);
      UserException refused =
          assertThrows(
              UserException.class, () -> train(backend, averaged(plan), first, new Recorder()));
      assertTrue(refused.getMessage().contains("'average." + name + "'"), refused.getMessage());
      assertEquals(0, backend.memory().liveBuffers());
    }
  }

  @Test
  void decaysThatAreNoneAreRefused() {
    for (double decay : new double[] {-0.1, 1, Double.NaN}) {
      assertThrows(IllegalArgumentException.class, () -> Refinements.NONE.withAverageDecay(decay));
    }
  }
}
