/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.run.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import org.espalier.compare.Comparison;
import org.espalier.compare.ComparisonRow;
import org.espalier.compare.ComparisonTable;

/** The page of a comparison: accuracy over density and over training operations, and the table. */
public final class ComparisonPage {

  private static final int COLOURS = 9;

  private ComparisonPage() {}

  /** Returns the page as HTML. */
  public static String of(Comparison comparison) {
    return HtmlPage.of(
        "Comparison on " + comparison.data(),
        out -> {
          out.open("header").open("h1").text("Comparison");
          out.leaf("span", " on " + comparison.data(), "class", "soft").close();
          out.leaf("p", ComparisonTable.note(comparison), "class", "soft").close();
          out.open("div", "class", "cards");
          charts(out, comparison);
          table(out, comparison);
          out.close();
        });
  }

  private static void table(Markup out, Comparison comparison) {
    HtmlPage.card(out, "wide", "Results", "");
    HtmlPage.table(out, ComparisonTable.columns(comparison));
    for (ComparisonRow row : comparison.rows()) {
      List<String> cells = ComparisonTable.cells(comparison, row);
      out.open("tr").leaf("td", cells.get(0), "class", "name");
      cells.subList(1, cells.size()).forEach(cell -> out.leaf("td", cell));
      out.close();
    }
    out.close().close().close();
  }

  private static void charts(Markup out, Comparison comparison) {
    Map<String, List<ComparisonRow>> methods = new LinkedHashMap<>();
    for (ComparisonRow row : comparison.rows()) {
      methods.computeIfAbsent(row.label(), label -> new ArrayList<>()).add(row);
    }
    comparison.dense().ifPresent(dense -> methods.remove(dense.label()));
    if (methods.isEmpty()) {
      return;
    }
    chart(
        out,
        "Accuracy by density",
        "Share of the weights that are there at the end.",
        lines(comparison, methods, ComparisonRow::density),
        (low, high) -> Axis.logarithmicShare("density", low, high));
    chart(
        out,
        "Accuracy by training operations",
        "Floating-point operations of all layers with weights in the whole training, by count.",
        lines(comparison, methods, ComparisonRow::trainFlops),
        (low, high) -> Axis.logarithmic("operations", low, high, Numbers::compact));
  }

  /**
   * Returns a line for each method, and a level for the dense network, which is far to the right.
   */
  private static List<XyChart.Line> lines(
      Comparison comparison,
      Map<String, List<ComparisonRow>> methods,
      ToDoubleFunction<ComparisonRow> across) {
    List<XyChart.Line> lines = new ArrayList<>();
    for (Map.Entry<String, List<ComparisonRow>> method : methods.entrySet()) {
      List<ComparisonRow> rows = new ArrayList<>(method.getValue());
      rows.sort(Comparator.comparingDouble(across));
      double[] x = rows.stream().mapToDouble(across).toArray();
      double[] y = rows.stream().mapToDouble(ComparisonRow::accuracy).toArray();
      String style = "c" + (lines.size() % COLOURS + 1);
      lines.add(new XyChart.Line(method.getKey(), style, x, y, true));
    }
    double low = all(lines, XyChart.Line::x).min().orElseThrow();
    double high = all(lines, XyChart.Line::x).max().orElseThrow();
    comparison
        .dense()
        .ifPresent(
            dense -> {
              double[] level = {dense.accuracy(), dense.accuracy()};
              double[] ends = {low, high};
              lines.add(0, new XyChart.Line(dense.label(), "random", ends, level, false));
            });
    return lines;
  }

  private static DoubleStream all(
      List<XyChart.Line> lines, Function<XyChart.Line, double[]> values) {
    return lines.stream().flatMapToDouble(line -> Arrays.stream(values.apply(line)));
  }

  private static void chart(
      Markup out,
      String title,
      String about,
      List<XyChart.Line> lines,
      BiFunction<Double, Double, Axis> axis) {
    HtmlPage.card(out, "", title, about);
    double low = all(lines, XyChart.Line::x).min().orElseThrow();
    double high = all(lines, XyChart.Line::x).max().orElseThrow();
    double least = all(lines, XyChart.Line::y).min().orElseThrow();
    double most = all(lines, XyChart.Line::y).max().orElseThrow();
    Axis accuracy = Axis.share("test accuracy", least, most);
    new XyChart(title, axis.apply(low, high), accuracy, lines).addTo(out);
    out.close();
  }
}
