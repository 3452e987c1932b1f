/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.espalier.UserException;
import org.espalier.benchmarks.ResultFile.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

class ReportTest {

  private static final String SPMM = "spmm 1024x1024 nnz=52428 n=128";

  @Test
  void whatJmhWritesIsReadBack(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("result.json");
    new Runner(
            new OptionsBuilder()
                .include("OperationBenchmark|RooflineProbe.multiplyAdd")
                .param("operationCase", "rowSums rows=1024 n=128", SPMM)
                .param("backend", "cpu-scalar")
                .forks(0)
                .threads(1)
                .warmupIterations(0)
                .measurementIterations(2)
                .measurementTime(TimeValue.milliseconds(20))
                .addProfiler(MachineProfiler.class)
                .verbosity(VerboseMode.SILENT)
                .resultFormat(ResultFormatType.JSON)
                .result(file.toString())
                .build())
        .run();
    List<Result> results = ResultFile.read(file);
    assertEquals(3, results.size());
    Result spmm =
        results.stream()
            .filter(result -> SPMM.equals(result.params().get("operationCase")))
            .findFirst()
            .orElseThrow();
    assertEquals("OperationBenchmark.run", spmm.benchmark());
    assertEquals("cpu-scalar", spmm.params().get("backend"));
    assertTrue(spmm.microseconds() > 1, "implausible: " + spmm);
    assertEquals(2, spmm.machine().size(), "one for each iteration: " + spmm);
    for (MachineProbe.Reading reading : spmm.machine()) {
      assertTrue(reading.gigaflops() > 1, "implausible: " + reading);
      assertTrue(reading.kept() > 0.1, "implausible: " + reading);
      boolean several = Runtime.getRuntime().availableProcessors() > 1;
      assertTrue(several ? reading.handover() > 1 : reading.handover() == 0, reading.toString());
    }
    String table = reportOfAnotherProcess(file);
    assertTrue(table.contains(SPMM), table);
  }

  /** The benchmark jar is started without the Vector API; only the processes it forks have it. */
  private static String reportOfAnotherProcess(Path file) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "report",
                file.toString())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), output);
    return output;
  }

  @Test
  void timesBecomeRatesAndSharesOfTheLimit() {
    // 2 * 52428 * 128 flops in 100 us: 134 GFLOP/s, half of a peak of 268
    double flops = 2.0 * 52_428 * 128;
    double peakTime = MultiplyAdds.FLOPS / (2 * flops / 100);
    String report =
        Report.of(
            List.of(
                result("RooflineProbe.multiplyAdd", Map.of(), peakTime),
                result("RooflineProbe.read", Map.of("bytes", "4194304"), 1),
                timed(SPMM, 100)));
    String[] row = report.lines().toList().get(2).substring(SPMM.length()).strip().split(" +");
    assertEquals(
        List.of("cpu", "all", "100.00", "100", "%", "5.0", "134.22", "14.72", "50.0", "compute"),
        List.of(row),
        report);
  }

  @Test
  void operationsThatOnlyMoveBytesAreMeasuredAgainstTheFittingArea() {
    TreeMap<Long, Double> rates = new TreeMap<>(Map.of(1000L, 100.0, 100_000L, 10.0));
    Roofline roofline = new Roofline(50, rates);
    assertLimit(0.02, "read 0 KiB", roofline.limit(10, 2000, 2, 2));
    assertLimit(0.21, "read 97 KiB", roofline.limit(10, 2100, 2, 2));
    assertLimit(100, "read 97 KiB", roofline.limit(10, 1_000_000, 2, 2));
    assertLimit(2, "compute", roofline.limit(100_000, 2000, 2, 2));
    assertLimit(4, "compute", roofline.limit(100_000, 1000, 2, 1));
  }

  private static void assertLimit(double microseconds, String cause, Roofline.Limit limit) {
    assertEquals(microseconds, limit.microseconds(), 1e-9);
    assertEquals(cause, limit.cause());
  }

  @Test
  void withoutProbesThereIsNoShare() {
    String report = Report.of(List.of(timed(SPMM, 100)));
    assertTrue(report.lines().toList().get(1).endsWith("-  -"), report);
  }

  @Test
  void comparingSaysWhatGotFasterAndWhatIsMissing() {
    String table =
        Change.table(
            List.of(timed("a", 100), timed("b", 100), timed("c", 100), timed("gone", 1)),
            List.of(timed("b", 80), timed("a", 104), timed("c", 150), timed("new", 1)));
    List<String> lines = table.lines().toList();
    assertTrue(lines.get(1).strip().endsWith("+4.0 %"), table);
    assertTrue(lines.get(2).contains("-20.0 %") && lines.get(2).endsWith("faster"), table);
    assertTrue(lines.get(3).contains("+50.0 %") && lines.get(3).endsWith("slower"), table);
    assertTrue(lines.get(4).contains("gone") && lines.get(4).endsWith("old file"), table);
    assertTrue(lines.get(5).contains("new") && lines.get(5).endsWith("new file"), table);
  }

  @Test
  void aFileThatIsNotOneOfJmhsIsNamed(@TempDir Path folder) throws Exception {
    Path absent = folder.resolve("absent.json");
    assertTrue(
        assertThrows(UserException.class, () -> ResultFile.read(absent))
            .getMessage()
            .contains("absent.json"));
    Path other = Files.writeString(folder.resolve("other.json"), "{}");
    assertTrue(
        assertThrows(UserException.class, () -> ResultFile.read(other))
            .getMessage()
            .contains("other.json"));
    Path cut = Files.writeString(folder.resolve("cut.json"), "[{ \"jmhVersion\" : \"1.37\",");
    assertTrue(
        assertThrows(UserException.class, () -> ResultFile.read(cut))
            .getMessage()
            .contains("without benchmark"));
  }

  private static Result timed(String operationCase, double microseconds) {
    return result(
        "OperationBenchmark.run",
        Map.of("operationCase", operationCase, "backend", "cpu", "backendThreads", "0"),
        microseconds);
  }

  private static Result result(String name, Map<String, String> params, double microseconds) {
    return new Result(
        name, 1, new TreeMap<>(params), List.of(microseconds), List.of(), 0.05 * microseconds);
  }
}
