/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TensorBoardFileTest {

  @TempDir Path temp;

  private static List<EventReader.Event> onlyFile(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> all = files.toList();
      assertEquals(1, all.size(), all.toString());
      assertTrue(all.get(0).getFileName().toString().contains("tfevents"));
      return EventReader.read(Files.readAllBytes(all.get(0)));
    }
  }

  @Test
  void holdsAVersionAndTheScalarsOfEachEpoch() throws IOException {
    Path folder = temp.resolve("tensorboard");
    try (TensorBoardFile file = TensorBoardFile.create(folder, List.of())) {
      file.append(MetricsLogTest.epoch(1, 0.9));
      file.append(MetricsLogTest.epoch(2, Double.NaN));
    }
    List<EventReader.Event> events = onlyFile(folder);
    assertEquals(3, events.size());
    assertEquals("brain.Event:2", events.get(0).fileVersion());
    EventReader.Event first = events.get(1);
    assertEquals(100, first.step());
    assertEquals(1767225600.25, first.wallTime());
    assertEquals(
        Set.of(
            "train/loss",
            "train/accuracy",
            "test/loss",
            "test/accuracy",
            "test/top5_accuracy",
            "learning_rate",
            "samples_per_second",
            "density/linear1"),
        first.values().keySet());
    assertEquals(0.9f, first.values().get("test/loss"));
    assertEquals(0.03f, first.values().get("density/linear1"));
    assertEquals(200, events.get(2).step());
    assertTrue(Float.isNaN(events.get(2).values().get("test/loss")));
  }

  @Test
  void isReadableAfterEachEpochWithoutBeingClosed() throws IOException {
    try (TensorBoardFile file = TensorBoardFile.create(temp, List.of())) {
      file.append(MetricsLogTest.epoch(1, 0.9));
      assertEquals(2, onlyFile(temp).size());
    }
  }

  @Test
  void aResumedRunHasOneFileWithWhatWasKept() throws IOException {
    Files.writeString(temp.resolve("events.out.tfevents.0000000001.espalier"), "half a rec");
    List<EpochMetrics> kept = List.of(MetricsLogTest.epoch(1, 0.9), MetricsLogTest.epoch(2, 0.8));
    try (TensorBoardFile file = TensorBoardFile.create(temp, kept)) {
      file.append(MetricsLogTest.epoch(3, 0.7));
    }
    List<EventReader.Event> events = onlyFile(temp);
    assertEquals(
        List.of(100L, 200L, 300L), events.stream().skip(1).map(EventReader.Event::step).toList());
    assertTrue(events.get(0).wallTime() <= events.get(1).wallTime());
  }
}
