/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.espalier.benchmarks.ResultFile.Result;
import org.junit.jupiter.api.Test;

class StepReportTest {

  private static Result result(String benchmark, String net, String threads, double time) {
    return result(benchmark, net, threads, List.of(time), List.of());
  }

  private static Result result(
      String benchmark, String net, String threads, List<Double> times, List<Double> peaks) {
    Map<String, String> params =
        new TreeMap<>(Map.of("backend", "cpu", "backendThreads", threads, "net", net));
    return new Result("StepBenchmark." + benchmark, 1, params, times, peaks, 0);
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
  void anIterationIsHeldAgainstThePeakAroundIt() {
    // two processors on one core for most of the time: twice as long at half the peak
    double whole = ReferenceNet.BAR_PEAK;
    List<Double> times = List.of(1_000.0, 480.0, 1_020.0, 500.0, 1_010.0);
    List<Double> peaks = List.of(whole / 2, whole, whole / 2, whole, whole / 2);
    Roofline before = new Roofline(whole, new TreeMap<>(Map.of(1L, 1.0)));
    String report = StepReport.of(List.of(result("step", "A-99", "0", times, peaks)), before);
    String line = report.lines().skip(2).findFirst().orElseThrow();
    // median 0.1000 and best 0.0480 s for 100 steps; half the peak, so twice the bar of 0.055
    assertTrue(line.matches(".* 0\\.1000 +0\\.0480 +118\\.0 .* 0\\.1100 +0\\.91 +within"), report);
  }

  @Test
  void updatesAreCountedInStepsWithoutTheOneThatFollows() {
    String report =
        StepReport.of(
            List.of(result("step", "A-99", "0", 500), result("updateAndStep", "A-99", "0", 1_750)),
            new Roofline(Double.POSITIVE_INFINITY, new TreeMap<>()));
    assertTrue(report.contains("SET update of net A-99: 1250 us, 2.5 steps"), report);
  }

  @Test
  void aStepCountsTheProductsOfEveryLayer() {
    // 3072 x 1024 twice (no input gradient), 1024 x 1024 and 1024 x 10 three times, 100 samples
    double connections = 2 * 314_572.8 + 3 * 104_857.6 + 3 * 10_240;
    assertEquals(200 * connections, ReferenceNet.of("A-90").flops(), 1);
  }
}
