/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.espalier.UserException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsLogTest {

  @TempDir Path temp;
  private Path file;

  @BeforeEach
  void setUp() {
    file = temp.resolve("metrics.jsonl");
  }

  static EpochMetrics epoch(int epoch, double testLoss) {
    return new EpochMetrics(
        epoch,
        100L * epoch,
        0.5,
        0.8,
        testLoss,
        0.75,
        0.95,
        0.01,
        300,
        0.03,
        List.of(new EpochMetrics.Layer("linear1", 300, 0.03)),
        1.5,
        0.1,
        0.2,
        4000,
        1767225600.25);
  }

  static TopologyMetrics update(int update, int epoch) {
    return new TopologyMetrics(
        update,
        epoch,
        100L * epoch,
        0.05,
        0.3,
        0.2,
        Double.NaN,
        List.of(new TopologyMetrics.Layer("linear1", 9, 8, 7, 0.07, 0.3, 0.2, Double.NaN)));
  }

  /** Three epochs, an update before the report of each of the first two. */
  private void write() {
    try (MetricsLog log = MetricsLog.open(file)) {
      log.append(update(1, 1));
      log.append(epoch(1, 0.9));
      log.append(update(2, 2));
      log.append(epoch(2, 0.8));
      log.append(epoch(3, 0.7));
    }
  }

  @Test
  void everyLineIsAnObjectWithTheNamesUsersRead() throws IOException {
    write();
    List<String> lines = Files.readAllLines(file);
    assertEquals(5, lines.size());
    ObjectMapper json = new ObjectMapper();
    JsonNode update = json.readTree(lines.get(0));
    assertEquals("topology", update.get("event").textValue());
    assertEquals(9, update.get("layers").get(0).get("pruned").intValue());
    assertEquals(0.3, update.get("explored").doubleValue());
    assertEquals(0.2, update.get("distance_from_start").doubleValue());
    assertTrue(update.get("distance_from_last").isNull());
    assertEquals(0.07, update.get("layers").get(0).get("density").doubleValue());
    JsonNode epoch = json.readTree(lines.get(1));
    assertEquals("epoch", epoch.get("event").textValue());
    for (String name :
        List.of(
            "epoch",
            "step",
            "train_loss",
            "train_accuracy",
            "test_loss",
            "test_accuracy",
            "learning_rate",
            "active_weights",
            "density",
            "train_seconds",
            "topology_seconds",
            "evaluate_seconds",
            "samples_per_second")) {
      assertTrue(epoch.get(name).isNumber(), name);
    }
    assertEquals(300, epoch.get("layers").get(0).get("nnz").intValue());
  }

  @Test
  void readsWhatItWrote() {
    write();
    RunMetrics metrics = MetricsLog.read(file);
    assertEquals(List.of(epoch(1, 0.9), epoch(2, 0.8), epoch(3, 0.7)), metrics.epochs());
    assertEquals(List.of(update(1, 1), update(2, 2)), metrics.updates());
  }

  @Test
  void numbersThatAreNotFiniteAreNull() throws IOException {
    try (MetricsLog log = MetricsLog.open(file)) {
      log.append(epoch(1, Double.NaN));
      log.append(epoch(2, Double.POSITIVE_INFINITY));
    }
    assertTrue(Files.readAllLines(file).stream().allMatch(l -> l.contains("\"test_loss\":null")));
    assertTrue(Double.isNaN(MetricsLog.read(file).epochs().get(1).testLoss()));
  }

  @Test
  void goesBackToACheckpointAndGoesOnFromThere() {
    write();
    try (MetricsLog log = MetricsLog.open(file)) {
      RunMetrics kept = log.truncate(2, 1);
      assertEquals(List.of(epoch(1, 0.9)), kept.epochs());
      assertEquals(List.of(update(1, 1)), kept.updates());
      log.append(update(2, 2));
    }
    RunMetrics metrics = MetricsLog.read(file);
    assertEquals(List.of(epoch(1, 0.9)), metrics.epochs());
    assertEquals(List.of(update(1, 1), update(2, 2)), metrics.updates());
  }

  @Test
  void aLastLineCutShortIsLeftOutAndGoneAfterResuming() throws IOException {
    write();
    Files.writeString(file, "{\"event\":\"epoch\",\"epo", StandardOpenOption.APPEND);
    assertEquals(3, MetricsLog.read(file).epochs().size());
    try (MetricsLog log = MetricsLog.open(file)) {
      log.truncate(4, 2);
      log.append(epoch(4, 0.6));
    }
    assertEquals(4, MetricsLog.read(file).epochs().size());
    assertEquals(6, Files.readAllLines(file).size());
  }

  @Test
  void aDamagedLineInTheMiddleIsNamed() throws IOException {
    write();
    for (String damage : List.of("nonsense", "null", "{\"event\":\"epoch\"}", "{}", "")) {
      List<String> lines = new java.util.ArrayList<>(Files.readAllLines(file));
      lines.set(2, damage);
      Path broken = Files.write(temp.resolve("broken.jsonl"), lines);
      String message =
          assertThrows(UserException.class, () -> MetricsLog.read(broken)).getMessage();
      assertTrue(message.startsWith(broken + " line 3 is damaged"), message);
    }
  }

  @Test
  void anEmptyLogHasNoMetrics() {
    MetricsLog.open(file).close();
    assertEquals(new RunMetrics(List.of(), List.of()), MetricsLog.read(file));
  }

  @Test
  void aMissingLogIsSaidInOneSentence() {
    String message = assertThrows(UserException.class, () -> MetricsLog.read(file)).getMessage();
    assertEquals(file + ": there is no such file.", message);
  }

  @Test
  void aFullDiskIsAFailureOfTheMachineThatNamesTheFile() {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.exists(full), "no device that is always full");
    try (MetricsLog log = MetricsLog.open(full)) {
      RunIoException failure = assertThrows(RunIoException.class, () -> log.append(epoch(1, 0.9)));
      assertEquals("Cannot write /dev/full: no space left on device.", failure.getMessage());
    }
  }
}
