/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.benchmarks;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.espalier.benchmarks.ResultFile.Result;

/**
 * The table of whole training steps: seconds for 100 of them, and how they stand to the bar, which
 * is set for a machine of a certain peak and moves with what the machine does at most around each
 * iteration ({@link PeakProfiler}; in older files, with the peak measured in the same run). The
 * best iteration is given beside the median, because neighbours on a shared machine only ever add.
 */
final class StepReport {

  private static final String ROW = "%-10s %-12s %3s %12s %9s %9s %9s %8s %9s %9s  %s%n";

  private StepReport() {}

  static String of(List<Result> results, Roofline roofline) {
    StringBuilder table = new StringBuilder();
    Map<String, Double> steps = new HashMap<>();
    for (Result result : results) {
      if (result.benchmark().equals("StepBenchmark.step")) {
        steps.put(key(result), result.microseconds());
        table.append(step(result, roofline));
      }
    }
    for (Result result : results) {
      if (result.benchmark().equals("StepBenchmark.updateAndStep")
          && ReferenceNet.of(result.params().get("net")).sparsity() > 0
          && steps.containsKey(key(result))) {
        double step = steps.get(key(result));
        double update = result.microseconds() - step;
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
            "best",
            "peak",
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

  private static String step(Result result, Roofline roofline) {
    ReferenceNet net = ReferenceNet.of(result.params().get("net"));
    List<Double> peaks =
        result.peaks().isEmpty()
            ? Collections.nCopies(result.iterations().size(), roofline.gigaflops())
            : result.peaks();
    double peak = ResultFile.median(peaks);
    boolean measured = Double.isFinite(peak);
    boolean barred =
        measured && Double.isFinite(net.bar()) && result.params().get("backendThreads").equals("0");
    double work = work(result.iterations(), peaks);
    double share = net.shareOfBar(work);
    return format(
        ROW,
        net.name(),
        result.params().get("backend"),
        result.params().get("backendThreads").replaceFirst("^0$", "all"),
        format("%.4f", 1e-4 * result.microseconds()),
        format("%.4f", 1e-4 * result.best()),
        measured ? format("%.1f", peak) : "-",
        format("%.1f", 1e-3 * net.flops() / result.microseconds()),
        measured ? format("%.1f", 0.1 * net.flops() / work) : "-",
        barred ? format("%.4f", net.bar() * ReferenceNet.BAR_PEAK / peak) : "-",
        barred ? format("%.2f", share) : "-",
        !barred ? "" : share <= 1 ? "within" : "OVER");
  }

  /** Returns the median of what could have been done meanwhile, in microseconds x GFLOP/s. */
  private static double work(List<Double> iterations, List<Double> peaks) {
    List<Double> work = new ArrayList<>();
    for (int i = 0; i < iterations.size(); i++) {
      work.add(iterations.get(i) * peaks.get(i));
    }
    return ResultFile.median(work);
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
