/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.espalier.UserException;
import org.espalier.backend.scalar.ScalarBackend;
import org.espalier.nn.Loss;
import org.espalier.nn.Network;
import org.espalier.optim.LearningRate;
import org.espalier.optim.Sgd;
import org.espalier.topology.PruneAndGrow;
import org.espalier.topology.UpdateSchedule;
import org.espalier.topology.UpdateSchedule.Unit;
import org.espalier.train.TrainingListener.EpochReport;
import org.espalier.train.TrainingListener.TopologyReport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TrainerTest {

  private static final UpdateSchedule EVERY_EPOCH = UpdateSchedule.everyEpoch();
  private static final SampleSource TRAIN = Runs.clouds(100, 1);
  private static final SampleSource TEST = Runs.clouds(60, 2);

  private final ScalarBackend backend = new ScalarBackend();

  @AfterEach
  void nothingIsLeft() {
    assertEquals(0, backend.memory().liveBuffers());
  }

  /** What a run ends with. */
  private record Run(TrainingResult result, Recorder recorder, Runs.Bits bits) {}

  private Run run(TrainingPlan plan, int maxPositions) {
    Recorder recorder = new Recorder();
    try (Network network = Runs.network(backend, maxPositions)) {
      TrainingResult result = new Trainer(network, plan, recorder).fit(TRAIN, TEST);
      return new Run(result, recorder, Runs.bits(network));
    }
  }

  @Test
  void learnsToTellCloudsApart() {
    Run run = run(Runs.plan(12, EVERY_EPOCH), 16);
    TrainingResult result = run.result();
    assertEquals(1, result.test().accuracy(), 0.05);
    assertEquals(60, result.test().samples());
    assertEquals(12, result.epochs());
    assertEquals(12 * 7, result.steps());
    assertEquals(12 * 100, result.samples());
    assertFalse(result.cancelled());
    List<EpochReport> epochs = epochs(run.recorder());
    assertTrue(epochs.get(11).train().loss() < 0.6 * epochs.get(0).train().loss());
    double best = epochs.stream().mapToDouble(e -> e.test().accuracy()).max().orElseThrow();
    assertEquals(best, result.bestTestAccuracy());
    assertEquals(best, epochs.get(result.bestEpoch() - 1).test().accuracy());
    assertTrue(
        epochs.stream().limit(result.bestEpoch() - 1).allMatch(e -> e.test().accuracy() < best));
    assertEquals(epochs.get(11).test(), result.test());
  }

  private static List<EpochReport> epochs(Recorder recorder) {
    return only(recorder, EpochReport.class);
  }

  private static <T> List<T> only(Recorder recorder, Class<T> type) {
    return recorder.reports.stream()
        .map(Recorder.Report::figures)
        .filter(type::isInstance)
        .map(type::cast)
        .toList();
  }

  @Test
  void sameSeedSameBitsAndReports() {
    for (UpdateSchedule schedule : List.of(EVERY_EPOCH, new UpdateSchedule(Unit.STEPS, 4, 1))) {
      TrainingPlan plan = Runs.plan(3, schedule);
      Run a = run(plan, 16);
      Run b = run(plan, 16);
      assertEquals(a.bits(), b.bits());
      assertEquals(a.recorder().reports, b.recorder().reports);
      assertEquals(a.recorder().losses, b.recorder().losses);
      Run c = run(plan.withSeed(4), 16);
      assertNotEquals(a.recorder().losses, c.recorder().losses);
    }
  }

  @Test
  void roomForLargerBatchesChangesNothing() {
    TrainingPlan plan = Runs.plan(2, EVERY_EPOCH);
    assertEquals(run(plan, 16).bits(), run(plan, 100).bits());
  }

  @Test
  void listenerHearsInOrder() {
    Run run = run(Runs.plan(2, EVERY_EPOCH).withBatchSize(50), 50);
    assertEquals(
        List.of(
            "step 1 of 2 in 1",
            "step 2 of 2 in 1",
            "checkpoint 1",
            "update 1",
            "epoch 1",
            "step 1 of 2 in 2",
            "step 2 of 2 in 2",
            "checkpoint 2",
            "update 2",
            "epoch 2"),
        run.recorder().order);
  }

  @Test
  void updatesOnStepsHappenBetweenTwoSteps() {
    Run run = run(Runs.plan(2, new UpdateSchedule(Unit.STEPS, 3, 1)).withBatchSize(34), 34);
    assertEquals(
        List.of(
            "step 1 of 3 in 1",
            "step 2 of 3 in 1",
            "step 3 of 3 in 1",
            "checkpoint 1",
            "epoch 1",
            "update 1",
            "step 1 of 3 in 2",
            "step 2 of 3 in 2",
            "step 3 of 3 in 2",
            "checkpoint 2",
            "update 2",
            "epoch 2"),
        run.recorder().order);
  }

  @Test
  void reportsOfEpochsAndUpdates() {
    Run run = run(Runs.plan(3, EVERY_EPOCH), 16);
    List<EpochReport> epochs = epochs(run.recorder());
    List<TopologyReport> updates = only(run.recorder(), TopologyReport.class);
    assertEquals(3, updates.size());
    assertEquals(96 + 128 + 48, epochs.get(0).activeWeights());
    assertEquals((96 + 128 + 48) / (240.0 + 320 + 48), epochs.get(0).density());
    assertEquals(
        List.of(
            new LayerConnections("linear1", 20, 12, 96),
            new LayerConnections("linear2", 16, 20, 128)),
        epochs.get(1).layers());
    assertEquals(0.4, epochs.get(1).layers().get(0).density());
    TopologyReport last = updates.get(2);
    assertEquals(3, last.epoch());
    assertEquals(21, last.step());
    assertEquals(0, last.changes().get(0).grown());
    assertEquals(
        last.changes().get(0).nnz() + last.changes().get(1).nnz() + 48,
        epochs.get(2).activeWeights());
    assertEquals(updates.get(0).changes().get(0).pruned(), updates.get(0).changes().get(0).grown());
    assertEquals(100, epochs.get(1).train().samples());
    assertEquals(0.05, epochs.get(1).learningRate());
    assertEquals(14, epochs.get(1).step());
  }

  @Test
  void trainingLossIsTheMeanOverSamplesOfAllBatches() {
    Run run = run(Runs.plan(1, EVERY_EPOCH), 16);
    double sum = 0;
    for (int step = 0; step < 7; step++) {
      sum += run.recorder().losses.get(step) * (step < 6 ? 16 : 4);
    }
    assertEquals(sum / 100, epochs(run.recorder()).get(0).train().loss(), 1e-9);
  }

  @Test
  void fixedTopologyStaysFixed() {
    TrainingPlan plan = Runs.plan(2, EVERY_EPOCH).withTopology(null);
    Run run = run(plan, 16);
    assertEquals(0, only(run.recorder(), TopologyReport.class).size());
    try (Network fresh = Runs.network(backend, 16)) {
      for (String layer : List.of("linear1", "linear2")) {
        String name = layer + ".weight.column";
        assertEquals(Runs.bits(fresh).values().get(name), run.bits().values().get(name));
      }
    }
  }

  @Test
  void checkpointsComeAtTheirIntervalAndAtTheEnd() {
    TrainingPlan every2 =
        new TrainingPlan(
            5,
            50,
            1,
            new Loss.MeanSquaredError(),
            new Sgd(0, false, 0),
            new LearningRate.Constant(0.01),
            0,
            new TopologyPlan(PruneAndGrow.set(), EVERY_EPOCH, 1),
            2);
    List<Integer> epochs =
        run(every2, 50).recorder().checkpoints.stream().map(Recorder.Checkpoint::epoch).toList();
    assertEquals(List.of(2, 4, 5), epochs);
  }

  @Test
  void evaluationsComeAtTheirIntervalAndAtTheEndAndChangeNothing() {
    TrainingPlan plan = Runs.plan(5, EVERY_EPOCH);
    TrainingPlan rare = plan.withRefinements(Refinements.NONE.withEvaluateEvery(2));
    Run often = run(plan, 16);
    Run seldom = run(rare, 16);
    assertEquals(often.bits(), seldom.bits());
    assertEquals(often.result().test(), seldom.result().test());
    double best = 0;
    for (int epoch = 1; epoch <= 5; epoch++) {
      Evaluation expected = epochs(often.recorder()).get(epoch - 1).test();
      Evaluation actual = epochs(seldom.recorder()).get(epoch - 1).test();
      assertEquals(epoch % 2 == 0 || epoch == 5 ? expected : null, actual, "epoch " + epoch);
      best = actual == null ? best : Math.max(best, actual.accuracy());
    }
    assertEquals(best, seldom.result().bestTestAccuracy());
    assertThrows(IllegalArgumentException.class, () -> Refinements.NONE.withEvaluateEvery(0));
  }

  @Test
  void samplesThatDoNotFitAreRefusedBeforeTraining() {
    SampleSource wide = SampleSource.of(new float[26], 13, new int[2], 3);
    SampleSource many = SampleSource.of(new float[24], 12, new int[2], 4);
    SampleSource none = SampleSource.of(new float[0], 12, new int[0], 3);
    Recorder recorder = new Recorder();
    try (Network network = Runs.network(backend, 16)) {
      Trainer trainer = new Trainer(network, Runs.plan(1, EVERY_EPOCH), recorder);
      for (SampleSource bad : List.of(wide, many, none)) {
        UserException train = assertThrows(UserException.class, () -> trainer.fit(bad, TEST));
        UserException test = assertThrows(UserException.class, () -> trainer.fit(TRAIN, bad));
        assertTrue(train.getMessage().contains("training samples"), train.getMessage());
        assertTrue(test.getMessage().contains("test samples"), test.getMessage());
        assertThrows(
            UserException.class,
            () -> Evaluator.evaluate(network, new Loss.MeanSquaredError(), bad));
      }
    }
    assertEquals(List.of(), recorder.order);
  }

  @Test
  void plansThatCannotBeAreRefused() {
    try (Network network = Runs.network(backend, 15)) {
      TrainingPlan plan = Runs.plan(1, EVERY_EPOCH);
      assertThrows(
          IllegalArgumentException.class, () -> new Trainer(network, plan, new Recorder()));
      assertThrows(IllegalArgumentException.class, () -> Runs.plan(0, EVERY_EPOCH));
      assertThrows(IllegalArgumentException.class, () -> Runs.plan(1, null));
      assertThrows(IllegalArgumentException.class, () -> plan.withBatchSize(0));
    }
  }
}
