/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.run.report;

import org.espalier.suite.Calibration;
import org.espalier.suite.CalibrationResult;
import org.espalier.suite.ReliabilityBin;

/** Calibration before and after temperature scaling: figures and reliability diagrams. */
record CalibrationSection(CalibrationResult result) {

  void addTo(Markup out) {
    Calibration before = result.before();
    Calibration after = result.after();
    out.open("div", "class", "tiles");
    String samples = Numbers.count(result.samples()) + " test samples";
    HtmlPage.tile(out, "Test accuracy", Numbers.percent(before.accuracy()), samples);
    tile(out, "ECE", Numbers.percent(before.ece()), Numbers.percent(after.ece()));
    tile(out, "NLL", Numbers.plain(before.nll()), Numbers.plain(after.nll()));
    tile(out, "Brier score", Numbers.plain(before.brier()), Numbers.plain(after.brier()));
    HtmlPage.tile(
        out,
        "Temperature",
        Numbers.fixed(result.temperature(), 3),
        result.temperatureAtLimit()
            ? "none was best: this is the limit of the search"
            : result.temperature() > 1 ? "lowers confidence" : "raises confidence");
    out.close().open("div", "class", "cards");
    diagram(out, "As trained", before);
    diagram(out, "With temperature " + Numbers.fixed(result.temperature(), 3), after);
    HtmlPage.card(out, "wide", "How this was measured", "");
    out.leaf(
        "p",
        "The temperature was fitted to %s. On those rows it takes the negative log-likelihood from %s to %s. No test sample took part."
            .formatted(
                result.fittedOn(),
                Numbers.plain(result.fittedNllBefore()),
                Numbers.plain(result.fittedNllAfter())),
        "class",
        "about");
    out.close().close();
  }

  private static void tile(Markup out, String label, String before, String after) {
    HtmlPage.tile(out, label, before, after + " with temperature");
  }

  private static void diagram(Markup out, String heading, Calibration calibration) {
    HtmlPage.card(
        out,
        "",
        heading,
        "ECE %s, NLL %s"
            .formatted(Numbers.percent(calibration.ece()), Numbers.plain(calibration.nll())));
    out.open("div", "class", "legend").leaf("span", "accuracy", "class", "key box c1");
    out.leaf("span", "perfect calibration", "class", "key random");
    out.leaf("span", "share of the samples", "class", "key c4").close();
    Axis across = XyChart.percent("Confidence");
    Plot plot =
        new Plot(out, "Reliability diagram, " + heading, across, Axis.share("Accuracy", 0, 1));
    int total = calibration.bins().stream().mapToInt(ReliabilityBin::count).sum();
    double[] centre = new double[Calibration.BINS];
    double[] share = new double[Calibration.BINS];
    for (int b = 0; b < Calibration.BINS; b++) {
      ReliabilityBin bin = calibration.bins().get(b);
      centre[b] = (b + 0.5) / Calibration.BINS;
      share[b] = bin.count() / (double) total;
      if (bin.count() > 0) {
        String tip =
            "%s samples, confidence %s, accuracy %s"
                .formatted(
                    Numbers.count(bin.count()),
                    Numbers.percent(bin.confidence()),
                    Numbers.percent(bin.accuracy()));
        double start = b / (double) Calibration.BINS;
        double end = (b + 1) / (double) Calibration.BINS;
        plot.bar("bar", start, end, 0, bin.accuracy(), tip);
      }
    }
    XyChart.Line.diagonal("perfect calibration").addTo(plot);
    new XyChart.Line("share of the samples", "c4", centre, share, false).addTo(plot);
    plot.end();
    out.close();
  }
}
