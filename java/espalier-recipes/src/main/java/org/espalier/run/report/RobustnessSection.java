/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.run.report;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.espalier.suite.AttackPoint;
import org.espalier.suite.RobustnessResult;

/** Accuracy and loss under attack. */
record RobustnessSection(RobustnessResult result) {

  private static final List<String> COLUMNS =
      List.of("eps", "FGSM accuracy", "FGSM loss", "PGD accuracy", "PGD loss");

  void addTo(Markup out) {
    AttackPoint clean = result.clean();
    out.open("div", "class", "tiles");
    HtmlPage.tile(
        out,
        "Clean accuracy",
        Numbers.percent(clean.accuracy()),
        Numbers.count(result.samples()) + " test samples");
    strongest(out, "FGSM", "fgsm");
    strongest(out, "PGD", "pgd");
    HtmlPage.tile(
        out,
        "Gradient norm",
        Numbers.plain(result.gradientNorm()),
        "of the loss over all connections, on %s training samples"
            .formatted(Numbers.count(result.gradientSamples())));
    out.close().open("div", "class", "cards");
    chart(out, "Accuracy under attack", AttackPoint::accuracy, true);
    chart(out, "Loss under attack", AttackPoint::loss, false);
    table(out);
    out.close();
  }

  private void strongest(Markup out, String name, String attack) {
    List<AttackPoint> points = result.of(attack);
    AttackPoint last = points.get(points.size() - 1);
    HtmlPage.tile(
        out,
        name + " accuracy",
        Numbers.percent(last.accuracy()),
        "at eps %s, the largest".formatted(result.epsText(last.eps())));
  }

  private void chart(
      Markup out, String heading, ToDoubleFunction<AttackPoint> value, boolean share) {
    List<AttackPoint> fgsm = withClean("fgsm");
    double factor = result.image() ? 255 : 1;
    double eps = factor * fgsm.get(fgsm.size() - 1).eps();
    double most = result.points().stream().mapToDouble(value).max().orElseThrow();
    HtmlPage.card(out, "", heading, "");
    new XyChart(
            heading,
            result.image()
                ? Axis.number("eps, in 255ths of the range of a pixel", 0, eps)
                : Axis.number("eps, as a share of the range of a feature", 0, eps),
            share ? Axis.share("Accuracy", 0, most) : Axis.number("Loss", 0, most),
            List.of(
                line("FGSM", "c1", fgsm, factor, value),
                line("PGD", "c2", withClean("pgd"), factor, value)))
        .addTo(out);
    out.close();
  }

  private List<AttackPoint> withClean(String attack) {
    List<AttackPoint> points = new ArrayList<>(List.of(result.clean()));
    points.addAll(result.of(attack));
    return points;
  }

  private static XyChart.Line line(
      String name,
      String style,
      List<AttackPoint> points,
      double factor,
      ToDoubleFunction<AttackPoint> value) {
    double[] x = points.stream().mapToDouble(point -> factor * point.eps()).toArray();
    return new XyChart.Line(name, style, x, points.stream().mapToDouble(value).toArray(), true);
  }

  private void table(Markup out) {
    HtmlPage.card(
        out,
        "wide",
        "All figures",
        "eps is a share of %s; changed values stay in that range. PGD takes %d steps%s. The network was trained on clean samples."
            .formatted(
                result.unit(),
                result.pgdSteps(),
                result.randomStart() ? " from a random start" : " from the sample itself"));
    HtmlPage.table(out, COLUMNS);
    List<AttackPoint> fgsm = withClean("fgsm");
    List<AttackPoint> pgd = withClean("pgd");
    for (int i = 0; i < fgsm.size(); i++) {
      out.open("tr");
      out.leaf("td", i == 0 ? "clean" : result.epsText(fgsm.get(i).eps()), "class", "name");
      for (AttackPoint point : List.of(fgsm.get(i), pgd.get(i))) {
        out.leaf("td", Numbers.percent(point.accuracy())).leaf("td", Numbers.plain(point.loss()));
      }
      out.close();
    }
    out.close().close().close();
  }
}
