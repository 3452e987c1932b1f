/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.run.report;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.espalier.plasticity.PlasticityPoint;
import org.espalier.plasticity.PlasticityResult;
import org.espalier.plasticity.PlasticityTrial;
import org.espalier.plasticity.PruningMethod;

/** A page about pruning plasticity, complete in itself as the report of a run is. */
public final class PlasticityPage {

  private static final String UNPRUNED = "random"; // the style of a dashed line

  private static final List<String> COLUMNS =
      List.of(
          "Epoch",
          "Learning rate",
          "Removed",
          "Method",
          "Connections",
          "Before",
          "Right after",
          "Trained on",
          "Change, points");

  private final PlasticityResult result;
  private final int[] epochs;

  private PlasticityPage(PlasticityResult result) {
    this.result = result;
    this.epochs = result.points().stream().mapToInt(PlasticityPoint::epoch).toArray();
  }

  /** Returns the page as HTML; the result has a point at least. */
  public static String of(PlasticityResult result) {
    PlasticityResult.Setting setting = result.setting();
    String title = "Pruning plasticity of %s on %s".formatted(setting.recipe(), setting.data());
    return HtmlPage.of(title, out -> new PlasticityPage(result).addTo(out));
  }

  private void addTo(Markup out) {
    header(out);
    out.open("div", "class", "cards");
    HtmlPage.card(out, "", "The run that was pruned", "");
    chart("Test accuracy", true, accuracies()).addTo(out);
    out.close();
    HtmlPage.card(out, "", "What is shown", "");
    explanation().forEach(paragraph -> out.leaf("p", paragraph, "class", "about"));
    out.close();
    List<Double> shares = result.setting().remove();
    for (double remove : shares) {
      boolean alone = shares.size() % 2 == 1 && remove == shares.get(shares.size() - 1);
      HtmlPage.card(out, alone ? "wide" : "", percent(remove) + " of the connections removed", "");
      chart("Change of accuracy, points", false, changes(remove)).addTo(out);
      out.close();
    }
    table(out);
    out.open("details", "class", "card wide").leaf("summary", "Recipe");
    out.leaf("pre", result.setting().settings().strip()).close().close();
  }

  private void header(Markup out) {
    PlasticityResult.Setting setting = result.setting();
    out.open("header").open("h1").text("Pruning plasticity");
    String what = " of %s on %s".formatted(setting.recipe(), setting.data());
    out.leaf("span", what, "class", "soft");
    if (!result.finished()) {
      out.leaf("span", "not finished", "class", "badge");
    }
    String how =
        "%d epochs, pruned at %d points, %d more after each; seed %d, backend %s, Espalier %s"
            .formatted(
                setting.epochs(),
                epochs.length,
                setting.continuedEpochs(),
                setting.seed(),
                setting.backend(),
                setting.espalierVersion());
    out.close().leaf("p", how, "class", "soft").close();
  }

  private List<String> explanation() {
    PlasticityResult.Setting setting = result.setting();
    List<String> text = new ArrayList<>();
    text.add(
        "After each epoch marked here, training was taken up again from that epoch for %d more at the learning rate it had, once as it was and once for each way to prune. The change is the test accuracy after that less the one before pruning."
            .formatted(setting.continuedEpochs()));
    text.add("The learning rate was " + learningRates() + ".");
    text.add(
        "Uniform: each layer loses this share of its connections, those of smallest magnitude. Global: all layers together lose it.");
    text.add(
        setting.exchange() == null
            ? "Regrow: each layer grows as many connections as it lost, from zero, so that there are as many as before. Where every cell had a connection, growth by gradient and at random are the same."
            : "Regrow: each layer then loses %s of what is left too and grows as many, from zero, so that all methods end with equally many connections."
                .formatted(percent(setting.exchange())));
    return text;
  }

  private String learningRates() {
    StringBuilder text = new StringBuilder();
    double before = Double.NaN;
    for (PlasticityPoint point : result.points()) {
      boolean same = point.learningRate() == before;
      text.append(text.isEmpty() ? "" : same ? ", " : "; ");
      text.append(same ? "" : rate(point.learningRate()) + " at epoch ").append(point.epoch());
      before = point.learningRate();
    }
    return text.toString();
  }

  /** Returns a rate without zeros at its end. */
  private static String rate(double rate) {
    return Numbers.plain(rate).replaceFirst("(\\.\\d*?)0+$", "$1").replaceFirst("\\.$", "");
  }

  private SvgLineChart chart(String yTitle, boolean share, List<SvgLineChart.Series> series) {
    String title = yTitle + " over the epoch of pruning";
    return new SvgLineChart(title, "Epoch", yTitle, share, epochs, series);
  }

  private SvgLineChart.Series series(
      String name, String style, ToDoubleFunction<PlasticityPoint> value) {
    double[] y = result.points().stream().mapToDouble(value).toArray();
    return new SvgLineChart.Series(name, style, y, -1);
  }

  private List<SvgLineChart.Series> accuracies() {
    return List.of(
        series("at that epoch", "c1", PlasticityPoint::accuracy),
        series("trained on, not pruned", UNPRUNED, PlasticityPoint::accuracyUnpruned));
  }

  private List<SvgLineChart.Series> changes(double remove) {
    List<SvgLineChart.Series> lines = new ArrayList<>();
    for (PruningMethod method : PruningMethod.values()) {
      lines.add(
          series(
              method.title(),
              "c" + (1 + method.ordinal()),
              point ->
                  100
                      * point
                          .trial(remove, method)
                          .map(PlasticityTrial::plasticity)
                          .orElse(Double.NaN)));
    }
    lines.add(series("not pruned", UNPRUNED, point -> 100 * point.change()));
    return lines;
  }

  private void table(Markup out) {
    out.open("details", "class", "card wide").leaf("summary", "All figures");
    HtmlPage.table(out, COLUMNS);
    for (PlasticityPoint point : result.points()) {
      row(
          out,
          point,
          "none",
          "not pruned",
          point.connections(),
          point.accuracy(),
          point.accuracyUnpruned(),
          point.change());
      for (PlasticityTrial trial : point.trials()) {
        row(
            out,
            point,
            percent(trial.remove()),
            trial.method().title(),
            trial.connections(),
            trial.accuracyPruned(),
            trial.accuracy(),
            trial.plasticity());
      }
    }
    out.close().close().close();
  }

  private static void row(
      Markup out,
      PlasticityPoint point,
      String removed,
      String method,
      long connections,
      double rightAfter,
      double trainedOn,
      double change) {
    out.open("tr");
    List.of(
            Numbers.count(point.epoch()),
            rate(point.learningRate()),
            removed,
            method,
            Numbers.count(connections),
            Numbers.percent(point.accuracy()),
            Numbers.percent(rightAfter),
            Numbers.percent(trainedOn),
            Double.isFinite(change) ? Numbers.fixed(100 * change, 2) : Numbers.UNKNOWN)
        .forEach(cell -> out.leaf("td", cell));
    out.close();
  }

  private static String percent(double share) {
    return Numbers.compact(100 * share) + " %";
  }
}
