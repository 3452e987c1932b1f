/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.espalier.benchmarks.MachineProbe.Reading;
import org.espalier.benchmarks.ResultFile.Result;
import org.junit.jupiter.api.Test;

class StepReportTest {

  private static final Roofline UNMEASURED =
      new Roofline(Double.POSITIVE_INFINITY, new TreeMap<>());

  private static Result result(String benchmark, String net, String threads, double time) {
    return result(benchmark, net, threads, List.of(time), List.of());
  }

  private static Result result(
      String benchmark, String net, String threads, List<Double> times, List<Reading> machine) {
    Map<String, String> params =
        new TreeMap<>(Map.of("backend", "cpu", "backendThreads", threads, "net", net));
    return new Result("StepBenchmark." + benchmark, 1, params, times, machine, 0);
  }

  @Test
  void theBarMovesWithTheMeasuredPeak() {
    Roofline half = new Roofline(ReferenceNet.BAR_PEAK / 2, new TreeMap<>(Map.of(1L, 1.0)));
    String report =
        StepReport.of(
            List.of(
                result("step", "A-99", "0", 1_045),
                result("step", "C-99", "0", 36_000),
                result("step", "A-90", "1", 4_000)),
            half);
    List<String> lines = report.lines().filter(line -> !line.isBlank()).toList();
    assertTrue(lines.get(1).contains("0.1100") && lines.get(1).endsWith("0.95  within"), report);
    assertTrue(lines.get(2).contains("2.4000") && lines.get(2).endsWith("1.50  OVER"), report);
    assertTrue(lines.get(3).strip().endsWith("-         -"), report);
  }

  @Test
  void theTimeIsThatOfTheIterationsAroundWhichTheMachineWasQuiet() {
    List<Double> times = List.of(1_000.0, 480.0, 1_300.0, 520.0, 990.0, 500.0, 700.0);
    List<Reading> machine =
        List.of(
            new Reading(118, 20, 80), // two processors on one core
            new Reading(236, 40, 150),
            new Reading(236, 160, 200), // on cores without a common cache
            new Reading(234, 44, 130),
            new Reading(118, 20, 80),
            new Reading(236, 41, 140),
            new Reading(236, 41, 110)); // neighbours fill the cache
    String report = StepReport.of(List.of(result("step", "A-99", "0", times, machine)), UNMEASURED);
    String line = report.lines().skip(2).findFirst().orElseThrow();
    String columns =
        ".* 0\\.0500 +43 % +0\\.0700 +0\\.0480 +236\\.0 +41 ns +140 GB/s .* 0\\.0550 +0\\.91 +within";
    assertTrue(line.matches(columns), report);
  }

  @Test
  void oneThreadNeedsNoHandover() {
    List<Double> times = List.of(1_000.0, 2_000.0, 1_100.0);
    List<Reading> machine =
        List.of(new Reading(236, 40, 0), new Reading(118, 20, 0), new Reading(236, 160, 0));
    String report = StepReport.of(List.of(result("step", "A-99", "1", times, machine)), UNMEASURED);
    String line = report.lines().skip(2).findFirst().orElseThrow();
    assertTrue(line.matches(".* 0\\.1050 +67 % +0\\.1100 .*"), report);
  }

  @Test
  void ofAMachineThatWasNeverQuietAllIterationsCount() {
    List<Double> times = List.of(1_000.0, 1_100.0, 1_300.0);
    List<Reading> machine =
        List.of(new Reading(118, 60, 0), new Reading(118, 60, 0), new Reading(118, 60, 0));
    Result other = result("step", "C-99", "0", List.of(9_000.0), List.of(new Reading(236, 30, 0)));
    String report =
        StepReport.of(List.of(result("step", "A-99", "0", times, machine), other), UNMEASURED);
    String line = report.lines().skip(2).findFirst().orElseThrow();
    assertTrue(line.matches(".* 0\\.1100 +0 % +0\\.1100 .* 0\\.1100 +1\\.00 +within"), report);
  }

  @Test
  void updatesAreCountedInStepsWithoutTheOneThatFollows() {
    String report =
        StepReport.of(
            List.of(result("step", "A-99", "0", 500), result("updateAndStep", "A-99", "0", 1_750)),
            UNMEASURED);
    assertTrue(report.contains("SET update of net A-99: 1250 us, 2.5 steps"), report);
  }

  @Test
  void aStepCountsTheProductsOfEveryLayer() {
    // 3072 x 1024 twice (no input gradient), 1024 x 1024 and 1024 x 10 three times, 100 samples
    double connections = 2 * 314_572.8 + 3 * 104_857.6 + 3 * 10_240;
    assertEquals(200 * connections, ReferenceNet.of("A-90").flops(), 1);
  }
}
