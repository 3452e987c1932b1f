/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.run.report;

import java.util.List;
import org.espalier.suite.Detection;
import org.espalier.suite.OodResult;
import org.espalier.suite.OodSet;
import org.espalier.suite.RocPoint;
import org.espalier.suite.ScoreHistogram;

/** How well other sets are told from the test set: a table, ROC curves, histograms of scores. */
record OodSection(OodResult result) {

  private static final List<String> COLUMNS =
      List.of("Compared with", "Samples a side", "Score", "AUROC", "AUPR", "FPR at 95 % TPR");

  /** Makes the curve about square, and its card as high as the two beside it. */
  private static final double ROC_HEIGHT = 590;

  void addTo(Markup out) {
    out.open("div", "class", "cards");
    HtmlPage.card(
        out,
        "wide",
        "How well they are told apart",
        "Test samples are the positives. AUROC is 50 % for a score that tells nothing; AUPR is average precision.");
    HtmlPage.table(out, COLUMNS);
    for (OodSet set : result.sets()) {
      row(out, set, "largest probability", set.maxSoftmax());
      row(out, set, "energy", set.energy());
    }
    out.close().close().close();
    for (OodSet set : result.sets()) {
      roc(out, set);
      out.open("div", "class", "stack");
      histogram(out, set.name() + ": largest probability", set.maxSoftmax());
      histogram(out, set.name() + ": negative energy", set.energy());
      out.close();
    }
    out.close();
  }

  private static void row(Markup out, OodSet set, String score, Detection detection) {
    out.open("tr").leaf("td", set.name(), "class", "name");
    out.leaf("td", Numbers.count(set.samples())).leaf("td", score);
    out.leaf("td", Numbers.percent(detection.auroc()));
    out.leaf("td", Numbers.percent(detection.aupr()));
    out.leaf("td", Numbers.percent(detection.fpr95())).close();
  }

  private static void roc(Markup out, OodSet set) {
    HtmlPage.card(
        out,
        "start",
        set.name() + ": ROC",
        "Mean largest probability: %s of test samples, %s of the others."
            .formatted(Numbers.percent(set.meanInside()), Numbers.percent(set.meanOutside())));
    new XyChart(
            "ROC curve against " + set.name(),
            XyChart.percent("Share of the others that passes"),
            Axis.share("Share of test samples that passes", 0, 1),
            List.of(
                XyChart.Line.diagonal("chance"),
                curve("largest probability", "c1", set.maxSoftmax()),
                curve("energy", "c3", set.energy())))
        .addTo(out, ROC_HEIGHT);
    out.close();
  }

  private static XyChart.Line curve(String name, String style, Detection detection) {
    double[] x = detection.roc().stream().mapToDouble(RocPoint::fpr).toArray();
    double[] y = detection.roc().stream().mapToDouble(RocPoint::tpr).toArray();
    return new XyChart.Line(name, style, x, y, false);
  }

  private static void histogram(Markup out, String heading, Detection detection) {
    ScoreHistogram histogram = detection.histogram();
    HtmlPage.card(out, "", heading, "");
    double most = 0;
    for (int b = 0; b < histogram.inside().size(); b++) {
      most = Math.max(most, Math.max(histogram.inside().get(b), histogram.outside().get(b)));
    }
    double low = histogram.low();
    double high = histogram.high() > low ? histogram.high() : low + 1;
    new XyChart(
            "Scores, " + heading,
            Axis.number("Score", low, high),
            Axis.share("Share of the samples", 0, most),
            List.of(
                steps("test samples", "c1", low, high, histogram.inside()),
                steps("others", "c4", low, high, histogram.outside())))
        .addTo(out);
    out.close();
  }

  private static XyChart.Line steps(
      String name, String style, double low, double high, List<Double> shares) {
    int bins = shares.size();
    double[] x = new double[2 * bins + 2];
    double[] y = new double[2 * bins + 2];
    x[0] = low;
    for (int b = 0; b < bins; b++) {
      x[2 * b + 1] = low + (high - low) * b / bins;
      x[2 * b + 2] = low + (high - low) * (b + 1) / bins;
      y[2 * b + 1] = shares.get(b);
      y[2 * b + 2] = shares.get(b);
    }
    x[2 * bins + 1] = high;
    return new XyChart.Line(name, style, x, y, false);
  }
}
