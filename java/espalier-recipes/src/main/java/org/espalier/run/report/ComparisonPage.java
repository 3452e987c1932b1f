/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.run.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
    out.open("div", "class", "scroll").open("table").open("tr");
    ComparisonTable.columns(comparison).forEach(column -> out.leaf("th", column));
    out.close();
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
    List<XyChart.Line> byDensity = new ArrayList<>();
    List<XyChart.Line> byFlops = new ArrayList<>();
    for (Map.Entry<String, List<ComparisonRow>> method : methods.entrySet()) {
      String style = "c" + (byDensity.size() % COLOURS + 1);
      byDensity.add(line(method, style, true));
      byFlops.add(line(method, style, false));
    }
    HtmlPage.card(
        out, "wide", "Accuracy by density", "Share of the weights that are there at the end.");
    chart(out, "Accuracy by density", byDensity, true);
    out.close();
    HtmlPage.card(
        out,
        "wide",
        "Accuracy by training operations",
        "Floating-point operations of all linear layers in the whole training, by count.");
    chart(out, "Accuracy by training operations", byFlops, false);
    out.close();
  }

  private static XyChart.Line line(
      Map.Entry<String, List<ComparisonRow>> method, String style, boolean density) {
    List<ComparisonRow> rows = new ArrayList<>(method.getValue());
    rows.sort((a, b) -> Double.compare(across(a, density), across(b, density)));
    double[] x = rows.stream().mapToDouble(row -> across(row, density)).toArray();
    double[] y = rows.stream().mapToDouble(ComparisonRow::accuracy).toArray();
    return new XyChart.Line(method.getKey(), style, x, y, true);
  }

  private static double across(ComparisonRow row, boolean density) {
    return density ? row.density() : row.trainFlops();
  }

  private static void chart(Markup out, String title, List<XyChart.Line> lines, boolean density) {
    double[] x = lines.stream().flatMapToDouble(l -> Arrays.stream(l.x())).toArray();
    double[] y = lines.stream().flatMapToDouble(l -> Arrays.stream(l.y())).toArray();
    double low = Arrays.stream(x).min().orElse(1);
    double high = Arrays.stream(x).max().orElse(1);
    Axis across =
        density
            ? Axis.logarithmicShare("density", low, high)
            : Axis.logarithmic("operations", low, high, v -> "%.0e".formatted(v));
    double least = Arrays.stream(y).min().orElse(0);
    double most = Arrays.stream(y).max().orElse(1);
    new XyChart(title, across, Axis.share("test accuracy", least, most), lines).addTo(out);
  }
}
