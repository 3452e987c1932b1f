/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.benchmarks;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.espalier.benchmarks.MachineProbe.Reading;
import org.espalier.benchmarks.ResultFile.Result;

/**
 * The table of whole training steps: seconds for 100 of them, and how they stand to the bar, which
 * is set for a machine of a certain peak and moves with the measured one. The time is the median of
 * the {@link QuietIterations}; the median of all and the best iteration stand beside it.
 */
final class StepReport {

  private static final String ROW =
      "%-10s %-12s %3s %12s %7s %9s %9s %9s %9s %9s %9s %8s %9s %9s  %s%n";

  private StepReport() {}

  static String of(List<Result> results, Roofline roofline) {
    StringBuilder table = new StringBuilder();
    Map<String, Double> steps = new HashMap<>();
    for (Result result : results) {
      if (result.benchmark().equals("StepBenchmark.step")) {
        steps.put(key(result), QuietIterations.of(result, results).microseconds());
        table.append(step(result, results, roofline));
      }
    }
    for (Result result : results) {
      if (result.benchmark().equals("StepBenchmark.updateAndStep")
          && ReferenceNet.of(result.params().get("net")).sparsity() > 0
          && steps.containsKey(key(result))) {
        double step = steps.get(key(result));
        double update = QuietIterations.of(result, results).microseconds() - step;
        table.append(
            format(
                "SET update of net %s: %.0f us, %.1f steps%n",
                result.params().get("net"), update, update / step));
      }
    }
    String header =
        format(
            ROW,
            "net",
            "backend",
            "thr",
            "s/100 steps",
            "quiet",
            "of all",
            "best",
            "peak",
            "handover",
            "kept",
            "GFLOP/s",
            "% peak",
            "bar",
            "of bar",
            "");
    return table.isEmpty() ? "" : System.lineSeparator() + header + table;
  }

  private static String key(Result result) {
    return result.params().toString();
  }

  private static String step(Result result, List<Result> file, Roofline roofline) {
    ReferenceNet net = ReferenceNet.of(result.params().get("net"));
    QuietIterations quiet = QuietIterations.of(result, file);
    double gigaflops = 1e-3 * net.flops() / quiet.microseconds();
    boolean probed = quiet.machine().isPresent();
    double peak = quiet.machine().map(Reading::gigaflops).orElse(roofline.gigaflops());
    double kept = quiet.machine().map(Reading::kept).orElse(0.0);
    boolean measured = Double.isFinite(peak);
    boolean barred =
        measured && Double.isFinite(net.bar()) && result.params().get("backendThreads").equals("0");
    double share = net.shareOfBar(quiet.microseconds(), peak);
    return format(
        ROW,
        net.name(),
        result.params().get("backend"),
        result.params().get("backendThreads").replaceFirst("^0$", "all"),
        format("%.4f", 1e-4 * quiet.microseconds()),
        format("%.0f %%", 100 * quiet.share()),
        format("%.4f", 1e-4 * result.microseconds()),
        format("%.4f", 1e-4 * result.best()),
        measured ? format("%.1f", peak) : "-",
        probed ? format("%.0f ns", quiet.machine().get().handover()) : "-",
        kept > 0 ? format("%.0f GB/s", kept) : "-",
        format("%.1f", gigaflops),
        measured ? format("%.1f", 100 * gigaflops / peak) : "-",
        barred ? format("%.4f", net.bar() * ReferenceNet.BAR_PEAK / peak) : "-",
        barred ? format("%.2f", share) : "-",
        !barred ? "" : share <= 1 ? "within" : "OVER");
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
