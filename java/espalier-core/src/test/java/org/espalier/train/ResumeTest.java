/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.espalier.UserException;
import org.espalier.backend.PruneScore;
import org.espalier.backend.scalar.ScalarBackend;
import org.espalier.nn.Network;
import org.espalier.topology.DropFraction;
import org.espalier.topology.GradualPruning;
import org.espalier.topology.GrowthCriterion;
import org.espalier.topology.InOrder;
import org.espalier.topology.PruneAndGrow;
import org.espalier.topology.PruneCriterion;
import org.espalier.topology.PruneScope;
import org.espalier.topology.Redistribution;
import org.espalier.topology.TopologyRule;
import org.espalier.topology.UpdateSchedule;
import org.espalier.topology.UpdateSchedule.Unit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A run that is stopped and taken up again ends with the bits of one that was not. */
class ResumeTest {

  private static final SampleSource TRAIN = Runs.clouds(100, 1);
  private static final SampleSource TEST = Runs.clouds(60, 2);
  private static final int STEPS = 7;

  private final ScalarBackend backend = new ScalarBackend();

  @AfterEach
  void nothingIsLeft() {
    assertEquals(0, backend.memory().liveBuffers());
  }

  /** After epochs, and after steps that fall into epochs, on their ends, and never. */
  static Stream<UpdateSchedule> schedules() {
    return Stream.of(
        new UpdateSchedule(Unit.EPOCHS, 1, 1),
        new UpdateSchedule(Unit.EPOCHS, 2, 1),
        new UpdateSchedule(Unit.STEPS, 3, 1),
        new UpdateSchedule(Unit.STEPS, STEPS, 1),
        new UpdateSchedule(Unit.STEPS, 1000, 1));
  }

  /** Also ones that end before the run, whose end moves if the run gets longer. */
  static Stream<UpdateSchedule> endingSchedules() {
    return Stream.concat(
        schedules(),
        Stream.of(new UpdateSchedule(Unit.EPOCHS, 1, 0.5), new UpdateSchedule(Unit.STEPS, 3, 0.5)));
  }

  private record Run(TrainingResult result, Recorder recorder, Runs.Bits bits) {

    /** Everything that must not depend on where a run was interrupted. */
    List<Object> outcome() {
      return List.of(
          result.epochs(),
          result.steps(),
          result.samples(),
          result.test(),
          result.bestTestAccuracy(),
          result.bestEpoch(),
          result.cancelled(),
          bits);
    }
  }

  @Test
  void withEvaluationsThatAreNotDueAfterEveryEpoch() {
    Refinements rare = Refinements.NONE.withEvaluateEvery(2);
    TrainingPlan plan = Runs.plan(5, UpdateSchedule.everyEpoch()).withRefinements(rare);
    Run whole = run(plan, null, new Recorder());
    TrainingPlan shorter = Runs.plan(3, UpdateSchedule.everyEpoch()).withRefinements(rare);
    State end = run(shorter, null, new Recorder()).recorder().checkpoints.get(2).state();
    assertEquals(whole.outcome(), run(plan, end, new Recorder()).outcome());
  }

  private Run run(TrainingPlan plan, State from, Recorder recorder) {
    try (Network network = Runs.network(backend, 16)) {
      Trainer trainer = new Trainer(network, plan, recorder);
      if (from != null) {
        trainer.resume(from);
      }
      TrainingResult result = trainer.fit(TRAIN, TEST);
      return new Run(result, recorder, Runs.bits(network));
    }
  }

  /** Runs until so many steps are done in all, then cancels. */
  private Run cancelled(TrainingPlan plan, State from, int steps) {
    try (Network network = Runs.network(backend, 16)) {
      Trainer[] trainer = new Trainer[1];
      Recorder recorder =
          new Recorder(
              self -> {
                if (self.losses.size() == steps) {
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

  @ParameterizedTest
  @MethodSource("endingSchedules")
  void fromEveryCheckpointOfARun(UpdateSchedule schedule) {
    TrainingPlan plan = Runs.plan(4, schedule);
    Run whole = run(plan, null, new Recorder());
    assertEquals(4, whole.recorder().checkpoints.size());
    for (Recorder.Checkpoint checkpoint : whole.recorder().checkpoints) {
      Run rest = run(plan, checkpoint.state(), new Recorder());
      assertEquals(whole.outcome(), rest.outcome());
      List<Recorder.Report> all = whole.recorder().reports;
      assertEquals(all.subList(checkpoint.reportsBefore(), all.size()), rest.recorder().reports);
    }
  }

  @ParameterizedTest
  @MethodSource("endingSchedules")
  void fromTheMiddleOfEveryEpochAndFromItsEnds(UpdateSchedule schedule) {
    TrainingPlan plan = Runs.plan(3, schedule);
    Run whole = run(plan, null, new Recorder());
    for (int steps = 1; steps < 3 * STEPS; steps++) {
      Run first = cancelled(plan, null, steps);
      assertTrue(first.result().cancelled());
      assertEquals(steps, first.result().steps());
      assertEquals(steps / STEPS, first.result().epochs());
      List<Recorder.Checkpoint> checkpoints = first.recorder().checkpoints;
      Recorder.Checkpoint last = checkpoints.get(checkpoints.size() - 1);
      Run rest = run(plan, last.state(), new Recorder());
      assertEquals(whole.outcome(), rest.outcome(), "stopped after " + steps);
      List<Recorder.Report> reports = new ArrayList<>(first.recorder().reports);
      reports.addAll(rest.recorder().reports);
      assertEquals(whole.recorder().reports, reports, "stopped after " + steps);
      List<Double> losses = new ArrayList<>(first.recorder().losses);
      losses.addAll(rest.recorder().losses);
      assertEquals(whole.recorder().losses, losses);
    }
  }

  @ParameterizedTest
  @MethodSource("schedules")
  void longerThanTheFirstRunWas(UpdateSchedule schedule) {
    Run whole = run(Runs.plan(5, schedule), null, new Recorder());
    Run shorter = run(Runs.plan(3, schedule), null, new Recorder());
    assertFalse(shorter.result().cancelled());
    State end = shorter.recorder().checkpoints.get(2).state();
    Run longer = run(Runs.plan(5, schedule), end, new Recorder());
    assertEquals(whole.outcome(), longer.outcome());
    // the third epoch is told again, now as one in the middle of a run
    List<Recorder.Report> all = whole.recorder().reports;
    int before = whole.recorder().checkpoints.get(2).reportsBefore();
    assertEquals(all.subList(before, all.size()), longer.recorder().reports);
  }

  /** Rules that remember something, read gradients or change the density, in all combinations. */
  static Stream<TopologyRule> rulesWithMemory() {
    return Stream.of(
            new GrowthCriterion.Unfired(),
            new GrowthCriterion.Momentum(0.9),
            new GrowthCriterion.Mixed(0.5))
        .map(
            growth ->
                new InOrder(
                    List.of(
                        new GradualPruning(
                            new PruneCriterion.Magnitude(), PruneScope.GLOBAL, 0.4, 0.2, 0, 0.7),
                        new PruneAndGrow(
                            new PruneCriterion.Scored(PruneScore.of(PruneScore.Kind.TAYLOR)),
                            PruneScope.LAYER,
                            new DropFraction.Cosine(0.5, 0.1),
                            growth,
                            Redistribution.MOMENTUM,
                            PruneAndGrow.NewWeights.ZERO,
                            true,
                            false))));
  }

  @ParameterizedTest
  @MethodSource("rulesWithMemory")
  void inTheMiddleOfARampWithWhatRulesRemember(TopologyRule rule) {
    for (UpdateSchedule schedule :
        List.of(new UpdateSchedule(Unit.STEPS, 3, 1), UpdateSchedule.everyEpoch())) {
      TrainingPlan plan = Runs.plan(3, schedule).withTopology(new TopologyPlan(rule, schedule, 1));
      Run whole = run(plan, null, new Recorder());
      for (int steps = 1; steps < 3 * STEPS; steps += 2) {
        Run first = cancelled(plan, null, steps);
        List<Recorder.Checkpoint> checkpoints = first.recorder().checkpoints;
        State last = checkpoints.get(checkpoints.size() - 1).state();
        assertEquals(whole.outcome(), run(plan, last, new Recorder()).outcome(), "at " + steps);
      }
    }
  }

  @Test
  void throughAFileAndWithManyStops(@TempDir Path folder) throws IOException {
    TrainingPlan plan = Runs.plan(3, new UpdateSchedule(Unit.STEPS, 4, 1));
    Run whole = run(plan, null, new Recorder());
    Path file = folder.resolve("state");
    Run part = cancelled(plan, null, 5);
    while (part.result().cancelled()) {
      List<Recorder.Checkpoint> checkpoints = part.recorder().checkpoints;
      StateFile.write(file, checkpoints.get(checkpoints.size() - 1).state());
      part = cancelled(plan, StateFile.read(file), 5);
    }
    assertEquals(whole.outcome(), part.outcome());
  }

  @Test
  void cancelledBeforeItStarts() {
    TrainingPlan plan = Runs.plan(2, UpdateSchedule.everyEpoch());
    Recorder recorder = new Recorder();
    try (Network network = Runs.network(backend, 16)) {
      Trainer trainer = new Trainer(network, plan, recorder);
      trainer.cancel();
      TrainingResult result = trainer.fit(TRAIN, TEST);
      assertTrue(result.cancelled());
      assertEquals(0, result.epochs());
      assertEquals(0, result.bestTestAccuracy());
      assertEquals(null, result.test());
    }
    assertEquals(List.of("checkpoint 1"), recorder.order);
    State start = recorder.checkpoints.get(0).state();
    assertEquals(
        run(plan, null, new Recorder()).outcome(), run(plan, start, new Recorder()).outcome());
  }

  @Test
  void cancelledAfterTheVeryLastStepTheRunIsComplete() {
    TrainingPlan plan = Runs.plan(2, UpdateSchedule.everyEpoch());
    Run whole = run(plan, null, new Recorder());
    assertEquals(whole.outcome(), cancelled(plan, null, 2 * STEPS).outcome());
  }

  @Test
  @Timeout(30)
  void cancelFromAnotherThread() throws InterruptedException {
    TrainingPlan plan = Runs.plan(1_000_000, UpdateSchedule.everyEpoch());
    CountDownLatch running = new CountDownLatch(20);
    try (Network network = Runs.network(backend, 16)) {
      Recorder recorder = new Recorder(self -> running.countDown());
      Trainer trainer = new Trainer(network, plan, recorder);
      Thread other =
          new Thread(
              () -> {
                try {
                  running.await(20, TimeUnit.SECONDS);
                  trainer.cancel();
                } catch (InterruptedException stopped) {
                  Thread.currentThread().interrupt();
                }
              });
      other.start();
      TrainingResult result = trainer.fit(TRAIN, TEST);
      other.join();
      assertTrue(result.cancelled());
      assertTrue(result.steps() >= 20);
      assertTrue(recorder.order.get(recorder.order.size() - 1).startsWith("checkpoint"));
    }
  }

  @Test
  void planThatIsShorterThanTheRunAlreadyWas() {
    TrainingPlan plan = Runs.plan(3, UpdateSchedule.everyEpoch());
    State third = run(plan, null, new Recorder()).recorder().checkpoints.get(2).state();
    UserException refused =
        assertThrows(
            UserException.class,
            () -> run(Runs.plan(2, UpdateSchedule.everyEpoch()), third, new Recorder()));
    assertTrue(refused.getMessage().contains("epoch 3"), refused.getMessage());
  }

  @Test
  void otherSamplesOrBatchesThanTheRunHad() {
    TrainingPlan plan = Runs.plan(3, UpdateSchedule.everyEpoch());
    State state = run(plan, null, new Recorder()).recorder().checkpoints.get(0).state();
    for (int batch : new int[] {8, 15}) {
      UserException refused =
          assertThrows(
              UserException.class, () -> run(plan.withBatchSize(batch), state, new Recorder()));
      assertTrue(
          refused.getMessage().contains("100 training samples in batches of 16"),
          refused.getMessage());
    }
    try (Network network = Runs.network(backend, 16)) {
      Trainer trainer = new Trainer(network, plan, new Recorder());
      trainer.resume(state);
      assertThrows(UserException.class, () -> trainer.fit(Runs.clouds(130, 1), TEST));
    }
  }

  @Test
  void stateThatLacksSomething() {
    TrainingPlan plan = Runs.plan(1, UpdateSchedule.everyEpoch());
    State state = run(plan, null, new Recorder()).recorder().checkpoints.get(0).state();
    for (String name : List.copyOf(state.values().keySet())) {
      Object value = state.values().remove(name);
      UserException refused =
          assertThrows(UserException.class, () -> run(plan, state, new Recorder()));
      assertTrue(refused.getMessage().contains("'" + name + "'"), refused.getMessage());
      state.values().put(name, value);
    }
  }
}
