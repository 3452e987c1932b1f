/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.espalier.UserException;
import org.espalier.backend.Backend;
import org.espalier.backend.Backends;
import org.espalier.measure.TopologyTracker;
import org.espalier.nn.Network;
import org.espalier.train.Refinements;
import org.espalier.train.State;
import org.espalier.train.StateFile;
import org.espalier.train.Trainer;
import org.espalier.train.TrainingListener;
import org.espalier.train.TrainingPlan;
import org.espalier.train.TrainingResult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunRecorderTest {

  @TempDir Path temp;
  private int kept;

  private static final class Stop extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** Trains for some epochs, from the run's checkpoint if it has one. */
  private TrainingResult train(Path path, int epochs, TrainingListener listener) {
    return train(path, SmallRun.plan(epochs), listener);
  }

  private TrainingResult train(Path path, TrainingPlan plan, TrainingListener listener) {
    boolean resume = Files.exists(path);
    try (Backend backend = Backends.open("cpu-scalar", 1);
        Network network = SmallRun.network(backend);
        RunDirectory run = resume ? RunDirectory.open(path) : RunDirectory.create(path)) {
      run.writeRecipe("recipe: small\n");
      try (RunRecorder recorder =
          new RunRecorder(run, state -> state.put("recipe", "small"), listener)) {
        recorder.keepCheckpoints(kept);
        Trainer trainer = new Trainer(network, plan, recorder);
        if (resume) {
          State state = StateFile.read(run.existingCheckpoint());
          assertEquals("small", state.text("recipe"));
          trainer.resume(state);
          recorder.resume(state);
          recorder.track(TopologyTracker.resume(network, state).orElseThrow());
        } else {
          recorder.track(new TopologyTracker(network));
        }
        TrainingResult result = trainer.fit(SmallRun.samples(200, 1), SmallRun.samples(50, 2));
        assertEquals(MetricsLog.read(run.metrics()), recorder.metrics());
        return result;
      } catch (IOException cause) {
        throw new IllegalStateException(cause);
      }
    }
  }

  /** What a run reports, without what depends on the clock. */
  private static List<String> story(Path path) {
    RunMetrics metrics = MetricsLog.read(path.resolve("metrics.jsonl"));
    List<String> story = new ArrayList<>();
    metrics
        .epochs()
        .forEach(
            e -> story.add("%d %s %s %s".formatted(e.epoch(), e.step(), e.testLoss(), e.layers())));
    metrics.updates().stream()
        .peek(u -> assertTrue(u.explored() > 0 && u.distanceFromStart() > 0, u.toString()))
        .forEach(
            u ->
                story.add(
                    "%d %d %s %s %s"
                        .formatted(
                            u.update(),
                            u.epoch(),
                            u.explored(),
                            u.distanceFromStart(),
                            u.layers())));
    return story;
  }

  private static int events(Path path) throws IOException {
    try (Stream<Path> files = Files.list(path.resolve("tensorboard"))) {
      return EventReader.read(Files.readAllBytes(files.findFirst().orElseThrow())).size();
    }
  }

  @Test
  void aRunThatDiedAndWasResumedTellsTheSameStoryAsOneThatDidNot() throws IOException {
    Path whole = temp.resolve("whole");
    train(whole, 4, new TrainingListener() {});
    assertEquals(4 + 4, story(whole).size());

    Path broken = temp.resolve("broken");
    TrainingListener dies =
        new TrainingListener() {
          @Override
          public void onTopologyUpdate(TopologyReport report) {
            if (report.update() == 2) {
              throw new Stop(); // the update is on the disk, the epoch is not
            }
          }
        };
    assertThrows(Stop.class, () -> train(broken, 4, dies));
    train(broken, 4, new TrainingListener() {});
    assertEquals(story(whole), story(broken));
    assertEquals(1 + 4, events(broken));
  }

  @Test
  void aFinishedRunCanBeLengthened() throws IOException {
    Path whole = temp.resolve("whole");
    train(whole, 4, new TrainingListener() {});
    Path longer = temp.resolve("longer");
    train(longer, 2, new TrainingListener() {});
    train(longer, 4, new TrainingListener() {});
    assertEquals(story(whole), story(longer));
    assertEquals(1 + 4, events(longer));
  }

  @Test
  void anEpochWithoutEvaluationHasNoTestFigures() throws IOException {
    Path path = temp.resolve("run");
    Refinements rare = Refinements.NONE.withEvaluateEvery(2);
    train(path, SmallRun.plan(3).withRefinements(rare), new TrainingListener() {});
    List<String> lines = Files.readAllLines(path.resolve("metrics.jsonl"));
    List<String> epochs = lines.stream().filter(line -> line.contains("\"epoch\",")).toList();
    assertEquals(3, epochs.size());
    for (int epoch = 1; epoch <= 3; epoch++) {
      String line = epochs.get(epoch - 1);
      assertEquals(epoch == 1, line.contains("\"test_loss\":null"), line);
      assertTrue(line.contains("\"test_top5_accuracy\":null"), line); // of four classes
      assertEquals(epoch == 1, line.contains("\"test_accuracy\":null"), line);
      assertEquals(epoch == 1, line.contains("\"evaluate_seconds\":0.0,"), line);
    }
    try (Stream<Path> files = Files.list(path.resolve("tensorboard"))) {
      List<EventReader.Event> events =
          EventReader.read(Files.readAllBytes(files.findFirst().orElseThrow()));
      assertFalse(events.get(1).values().containsKey("test/accuracy"));
      assertTrue(events.get(2).values().containsKey("test/accuracy"));
    }
  }

  private static List<String> checkpoints(Path path) throws IOException {
    try (Stream<Path> files = Files.list(path.resolve("checkpoint"))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void checkpointsOfTheLastEpochsAreKept() throws IOException {
    Path one = temp.resolve("one");
    train(one, 4, new TrainingListener() {});
    assertEquals(List.of("last.ckpt"), checkpoints(one));
    kept = 2;
    Path path = temp.resolve("run");
    train(path, 4, new TrainingListener() {});
    assertEquals(List.of("epoch-0003.ckpt", "epoch-0004.ckpt", "last.ckpt"), checkpoints(path));
    Path last = path.resolve("checkpoint/last.ckpt");
    assertEquals(-1, Files.mismatch(path.resolve("checkpoint/epoch-0004.ckpt"), last));

    // back to the third: what comes is what came
    String story = story(path).toString();
    Files.copy(
        path.resolve("checkpoint/epoch-0003.ckpt"), last, StandardCopyOption.REPLACE_EXISTING);
    train(path, 4, new TrainingListener() {});
    assertEquals(story, story(path).toString());
    train(path, 6, new TrainingListener() {});
    assertEquals(List.of("epoch-0005.ckpt", "epoch-0006.ckpt", "last.ckpt"), checkpoints(path));
  }

  @Test
  void aCheckpointThatCannotBeWrittenTakesNoneAway() throws IOException {
    kept = 1;
    Path path = temp.resolve("run");
    TrainingListener blocks =
        new TrainingListener() {
          @Override
          public void onEpoch(EpochReport report) {
            if (report.epoch() == 2) { // where the next file would be written first
              RunIo.writing(
                  path, () -> Files.createDirectory(path.resolve("checkpoint/last.ckpt.part")));
            }
          }
        };
    assertThrows(RunIoException.class, () -> train(path, 4, blocks));
    assertTrue(
        checkpoints(path).containsAll(List.of("epoch-0002.ckpt", "last.ckpt")),
        checkpoints(path).toString());
    assertEquals(2, StateFile.read(path.resolve("checkpoint/last.ckpt")).number("progress.epoch"));
  }

  @Test
  void aCheckpointInTheMiddleOfAnEpochIsTheLastOnly() throws IOException {
    State state = new State("test");
    state.put("progress.batch_size", 20);
    state.put("progress.training_set", 50);
    Checkpoints checkpoints = new Checkpoints(temp.resolve("checkpoint/last.ckpt"), 3);
    for (int step : new int[] {0, 2, 3}) {
      state.put("progress.step_in_epoch", step);
      checkpoints.write(7, state);
      assertEquals(step == 3 ? 2 : 1, checkpoints(temp).size());
    }
  }

  @Test
  void passesEverythingOn() {
    List<String> seen = new ArrayList<>();
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void onStep(int epoch, int step, int steps, double loss) {
            seen.add("step");
          }

          @Override
          public void onEpoch(EpochReport report) {
            seen.add("epoch");
          }

          @Override
          public void onTopologyUpdate(TopologyReport report) {
            seen.add("update");
          }

          @Override
          public void onCheckpoint(int epoch, State state) {
            seen.add("checkpoint with " + state.text("recipe"));
          }
        };
    train(temp.resolve("run"), 1, listener);
    assertEquals(
        List.of("step", "step", "checkpoint with small", "update", "epoch"),
        seen.subList(seen.size() - 5, seen.size()));
  }

  @Test
  void anotherWriterIsRefusedBeforeAnythingIsTouched() throws IOException {
    Path path = temp.resolve("run");
    try (RunDirectory run = RunDirectory.create(path)) {
      run.writeRecipe("recipe: small\n");
      RunDirectory second = RunDirectory.open(path);
      assertThrows(
          UserException.class,
          () -> new RunRecorder(second, state -> {}, new TrainingListener() {}));
      assertFalse(Files.exists(run.metrics()));
    }
    assertTrue(Files.exists(path.resolve("recipe.yaml")));
  }

  @Test
  void theSummaryCountsTheWholeRun() {
    TrainingResult result = train(temp.resolve("run"), 2, new TrainingListener() {});
    try (Backend backend = Backends.open("cpu-scalar", 1);
        Network network = SmallRun.network(backend)) {
      RunSummary summary =
          RunSummary.of(
              SmallRun.SETTING,
              result,
              network,
              TopologySummary.of(LayerTopology.of(network), Optional.empty()),
              0);
      assertEquals(2, summary.epochs());
      assertEquals(result.test().accuracy(), summary.testAccuracy());
      assertEquals(400 / summary.trainSeconds(), summary.samplesPerSecond(), 1e-6);
      assertEquals(network.denseWeights(), summary.denseWeights());
      assertTrue(summary.finished());
    }
  }
}
