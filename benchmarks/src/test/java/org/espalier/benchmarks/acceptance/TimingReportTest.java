/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.benchmarks.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.espalier.backend.Backend;
import org.espalier.backend.scalar.ScalarBackend;
import org.junit.jupiter.api.Test;

class TimingReportTest {

  private static Timed timed(String what, double flops, double bytes, double goal) {
    return new Timed(what, "net X", flops, bytes, goal, () -> null);
  }

  @Test
  void ratesFollowFromTheTime() {
    TimingReport.Line line = TimingReport.Line.of(timed("spmm", 4e9, 1e9, 3_000), 1e-3, 2_000);
    assertEquals(4_000, line.gigaflops(), 1e-9);
    assertEquals(1_000, line.gigabytes(), 1e-9);
    assertEquals(50, line.percentOfCopy(), 1e-9);
    assertTrue(line.toString().contains("3000 GFLOP/s: reached"), line.toString());
  }

  @Test
  void updatesAreSetAgainstTheStepsBetweenThem() {
    TimingReport report =
        new TimingReport(
            "cuda",
            "a device",
            1_000,
            List.of(
                TimingReport.Line.of(timed("spmm", 1e9, 1e6, 9_000), 1e-3, 1_000),
                TimingReport.Line.of(timed(StepWork.STEP, 1e9, 0, Double.NaN), 1e-3, 1_000),
                TimingReport.Line.of(timed(StepWork.UPDATE, 0, 0, Double.NaN), 2e-3, 1_000)),
            0);
    assertEquals(
        "net X: an update every 100 steps takes 2.00 % of their time, goal 1 %: not reached",
        report.topologyShares().strip());
  }

  @Test
  void whatThereIsNoTimeForIsCounted() {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    try (Backend backend = new ScalarBackend()) {
      TimingReport report =
          new Timing("cpu-scalar", backend, Duration.ZERO)
              .run(
                  new TimedWork(40, 17, List.of(90.0), List.of()).on(backend),
                  new PrintStream(text, true, StandardCharsets.UTF_8));
      assertEquals(6, report.notRun());
    }
  }
}
