/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** A comparison as rows of words, for pages and for Markdown. */
public final class ComparisonTable {

  private static final String UNKNOWN = "–";

  private ComparisonTable() {}

  /** Returns the heads of the columns. */
  public static List<String> columns(Comparison comparison) {
    String unit = comparison.dense().isPresent() ? " (of dense)" : "";
    return List.of(
        "Method",
        "Density",
        "Accuracy",
        "Training FLOPs" + unit,
        "Inference FLOPs" + unit,
        "Time",
        "Memory",
        "Seeds");
  }

  /** Returns the cells of a row. */
  public static List<String> cells(Comparison comparison, ComparisonRow row) {
    return List.of(
        row.label(),
        text("%.2f %%", 100 * row.density()),
        accuracy(row),
        flops(comparison.dense(), row, ComparisonRow::trainFlops),
        flops(comparison.dense(), row, ComparisonRow::inferenceFlops),
        text("%.1f s", row.seconds()),
        text("%.1f MB", row.networkBytes() / 1e6),
        Integer.toString(row.seeds()));
  }

  private static String accuracy(ComparisonRow row) {
    String mean = text("%.2f", 100 * row.accuracy());
    return Double.isNaN(row.deviation())
        ? mean + " %"
        : mean + " ± " + text("%.2f", 100 * row.deviation()) + " %";
  }

  private static String flops(
      Optional<ComparisonRow> dense, ComparisonRow row, ToDoubleFunction<ComparisonRow> figure) {
    double flops = figure.applyAsDouble(row);
    return dense
        .map(twin -> text("%.3f ×", flops / figure.applyAsDouble(twin)))
        .orElse(text("%.2e", flops));
  }

  private static String text(String format, double number) {
    return Double.isFinite(number) ? String.format(Locale.ROOT, format, number) : UNKNOWN;
  }

  /** Returns the comparison as a Markdown table with a line about what was run. */
  public static String markdown(Comparison comparison) {
    List<String> lines = new ArrayList<>();
    List<String> columns = columns(comparison);
    lines.add(line(columns));
    lines.add("|" + " --- |".repeat(columns.size()));
    comparison.rows().forEach(row -> lines.add(line(cells(comparison, row))));
    lines.add("");
    lines.add(note(comparison));
    return String.join("\n", lines) + "\n";
  }

  /** Returns a sentence about what was run. */
  public static String note(Comparison comparison) {
    String dense =
        comparison
            .dense()
            .map(
                twin ->
                    " The dense network takes %s FLOPs to train and %s for a sample."
                        .formatted(
                            text("%.3g", twin.trainFlops()), text("%.3g", twin.inferenceFlops())))
            .orElse("");
    String missing =
        comparison.runsDone() < comparison.runs()
            ? " %d of %d runs are done.".formatted(comparison.runsDone(), comparison.runs())
            : "";
    return "Data %s, backend %s; test accuracy after the last epoch, mean ± standard deviation over seeds; time is that of training steps and topology updates of one run.%s%s"
        .formatted(comparison.data(), comparison.backend(), dense, missing);
  }

  private static String line(List<String> cells) {
    return "| " + String.join(" | ", cells) + " |";
  }
}
