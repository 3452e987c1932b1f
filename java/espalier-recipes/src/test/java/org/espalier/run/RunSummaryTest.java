/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.espalier.UserException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunSummaryTest {

  @TempDir Path temp;

  /** A layer of 100 x 100 with degrees from 1 to 50. */
  private static final TopologySummary TOPOLOGY = topology();

  private static TopologySummary topology() {
    int[] rowStart = new int[101];
    for (int r = 0; r < 100; r++) {
      rowStart[r + 1] = rowStart[r] + r / 2 + 1;
    }
    int[] column = new int[rowStart[100]];
    for (int r = 0; r < 100; r++) {
      for (int k = rowStart[r]; k < rowStart[r + 1]; k++) {
        column[k] = k - rowStart[r];
      }
    }
    LayerTopology layer = new LayerTopology("linear1", 100, 102, rowStart, column);
    return TopologySummary.of(List.of(layer), Optional.empty());
  }

  static RunSummary summary(double testAccuracy, Long peak) {
    return new RunSummary(
        "set-mlp",
        "fashion-mnist-mini",
        "cpu",
        1,
        15,
        testAccuracy,
        0.97,
        0.845,
        12,
        0.47,
        71_434,
        2_797_010,
        0.02554,
        28.5,
        1.9,
        0.4,
        0.9,
        31_000,
        1.5e13,
        142_868,
        9_000_000,
        90_000,
        3,
        peak,
        2,
        "17.0.15",
        "0.1.0",
        true,
        "2026-01-02T03:04:05Z",
        TOPOLOGY);
  }

  private Path write(RunSummary summary) {
    try (RunDirectory run = RunDirectory.create(temp.resolve("run"))) {
      summary.write(run);
      return run.summary();
    }
  }

  @Test
  void hasTheNamesUsersRead() throws IOException {
    JsonNode json = new ObjectMapper().readTree(write(summary(0.84, 512L)).toFile());
    for (String name :
        List.of(
            "recipe",
            "data",
            "backend",
            "seed",
            "epochs",
            "test_accuracy",
            "test_top5_accuracy",
            "best_test_accuracy",
            "best_epoch",
            "test_loss",
            "active_weights",
            "dense_weights",
            "density",
            "train_seconds",
            "train_seconds_per_epoch",
            "topology_seconds",
            "evaluate_seconds",
            "samples_per_second",
            "train_flops",
            "inference_flops",
            "network_bytes",
            "network_bytes_per_sample",
            "broken_images",
            "peak_rss_bytes",
            "threads",
            "java_version",
            "espalier_version",
            "finished",
            "started_at",
            "topology")) {
      assertTrue(json.hasNonNull(name), name);
    }
    assertEquals(30, json.size());
    JsonNode layer = json.get("topology").get("layers").get(0);
    assertEquals(0.25, layer.get("density").doubleValue());
    assertTrue(layer.get("explored").isNull() && layer.get("start").isNull());
    assertTrue(layer.get("inputs").get("power_law").get("p").isNumber());
    assertTrue(layer.get("inputs").get("power_law").get("verdict").isTextual());
    assertEquals(
        "Poisson",
        layer.get("inputs").get("power_law").get("others").get(0).get("other").textValue());
  }

  @Test
  void readsWhatItWrote() {
    RunSummary summary = summary(0.84, 512L);
    assertEquals(summary, RunSummary.read(write(summary)));
  }

  @Test
  void whatIsNotKnownIsNull() throws IOException {
    Path file = write(summary(Double.NaN, null));
    JsonNode json = new ObjectMapper().readTree(file.toFile());
    assertTrue(json.get("test_accuracy").isNull() && json.get("peak_rss_bytes").isNull());
    assertEquals(summary(Double.NaN, null), RunSummary.read(file));
  }

  @Test
  void aDamagedSummaryIsNamed() throws IOException {
    for (String text : List.of("", "{", "null", "{\"recipe\":\"x\"}", "[]")) {
      Path file = Files.writeString(temp.resolve("summary.json"), text);
      String message = assertThrows(UserException.class, () -> RunSummary.read(file)).getMessage();
      assertTrue(message.startsWith(file + " is not a summary"), message);
    }
  }

  @Test
  void peakMemoryIsReadFromTheSystem() {
    assertEquals(
        1_234_944L, PeakMemory.parse(List.of("Name:\tjava", "VmHWM:\t    1206 kB")).getAsLong());
    assertTrue(PeakMemory.parse(List.of("Name:\tjava")).isEmpty());
  }
}
