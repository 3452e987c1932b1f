/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.benchmarks;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.espalier.benchmarks.ResultFile.Result;
import org.espalier.conformance.OperationCase;
import org.espalier.conformance.OperationCatalogue;

/**
 * The table of one result file: time, which is the median of the {@link QuietIterations}, rates,
 * and the share of what the machine can do.
 */
final class Report {

  private static final String ROW = "%-78s %-10s %3s %11s %7s %7s %9s %8s %7s  %s%n";

  private Report() {}

  static String of(List<Result> results) {
    Roofline roofline = Roofline.of(results);
    StringBuilder table = new StringBuilder();
    if (roofline.measured()) {
      table.append(format("Peak of this machine: %.1f GFLOP/s", roofline.gigaflops()));
      roofline
          .gigabytes()
          .forEach(
              (area, rate) ->
                  table.append(format("; %.1f GB/s from %s", rate, Roofline.size(area))));
      table.append(System.lineSeparator());
    }
    table.append(
        format(
            ROW, "case", "backend", "thr", "us", "quiet", "+- %", "GFLOP/s", "GB/s", "% peak",
            "limit"));
    Map<String, OperationCase> cases =
        OperationCatalogue.all().stream()
            .collect(Collectors.toMap(OperationCase::name, Function.identity()));
    for (Result result : results) {
      OperationCase operationCase = cases.get(result.params().get(OperationBenchmark.CASE));
      if (operationCase != null) {
        table.append(row(result, results, operationCase, roofline));
      }
    }
    table.append(StepReport.of(results, roofline));
    return table.toString();
  }

  private static String row(
      Result result, List<Result> file, OperationCase operationCase, Roofline roofline) {
    QuietIterations quiet = QuietIterations.of(result, file);
    double microseconds = quiet.microseconds();
    String share = "-";
    String cause = "-";
    if (roofline.measured()) {
      int processors = Runtime.getRuntime().availableProcessors();
      int asked = Integer.parseInt(result.params().get("backendThreads"));
      Roofline.Limit limit =
          roofline.limit(
              operationCase.flops(),
              operationCase.bytes(),
              processors,
              asked == 0 ? processors : asked);
      share = format("%.1f", 100 * limit.microseconds() / microseconds);
      cause = limit.cause();
    }
    return format(
        ROW,
        operationCase.name(),
        result.params().get("backend"),
        result.params().get("backendThreads").replaceFirst("^0$", "all"),
        format("%.2f", microseconds),
        format("%.0f %%", 100 * quiet.share()),
        format("%.1f", 100 * result.error() / microseconds),
        format("%.2f", 1e-3 * operationCase.flops() / microseconds),
        format("%.2f", 1e-3 * operationCase.bytes() / microseconds),
        share,
        cause);
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
