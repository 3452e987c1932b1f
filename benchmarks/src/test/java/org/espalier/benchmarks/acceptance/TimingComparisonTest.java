/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.benchmarks.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TimingComparisonTest {

  @Test
  void productsAreComparedAndReferencesThatAreNotThereLeftOut(@TempDir Path folder)
      throws IOException {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    Path json = folder.resolve("timings.json");
    new TimingComparison(
            new TimedWork(40, 17, List.of(90.0), List.of()),
            new PrintStream(text, true, StandardCharsets.UTF_8))
        .run(
            List.of("cpu-scalar", "cpu-portable", "cpu-scalar@bf16", "absent"),
            Duration.ofMinutes(1),
            json);
    String tables = text.toString(StandardCharsets.UTF_8);
    assertTrue(tables.contains("sddmm and update   40 x 40, 90.0 % sparse, batch 17"), tables);
    assertTrue(tables.contains("times as fast as cpu-portable"), tables);
    assertTrue(tables.contains("batch 17: cpu-scalar@bf16 is "), tables);
    assertTrue(tables.contains("absent is not timed: "), tables);
    String written = Files.readString(json);
    assertTrue(written.contains("\"what\" : \"topology update\""), written);
    assertTrue(written.contains("\"backend\" : \"cpu-portable\""), written);
  }

  @Test
  void comparesTheSameOperationOnTheSameShape() {
    assertEquals(
        "spmm, large: own is 3.00 times as fast as other, goal 2: reached",
        TimingComparison.compare(
                report("own", "large", 1e-3, 9_000),
                report("other", "large", 3e-3, Double.NaN),
                true)
            .strip());
    assertEquals(
        "spmm, large: own@bf16 is 0.50 times as fast as own",
        TimingComparison.compare(
                report("own@bf16", "large", 2e-3, 9_000),
                report("own", "large", 1e-3, 9_000),
                false)
            .strip());
    assertEquals(
        "",
        TimingComparison.compare(
            report("own", "large", 1e-3, 9_000), report("other", "small", 3e-3, Double.NaN), true));
  }

  private static TimingReport report(String backend, String shape, double seconds, double goal) {
    Timed timed = new Timed("spmm", shape, 1e9, 1e6, goal, () -> null);
    return new TimingReport(
        backend, "a device", 1_000, List.of(TimingReport.Line.of(timed, seconds, 1_000)), 0);
  }
}
