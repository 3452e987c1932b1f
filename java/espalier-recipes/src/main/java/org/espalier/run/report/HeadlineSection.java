/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.run.report;

import org.espalier.run.RunSummary;

/** The title and the numbers one looks at first. */
record HeadlineSection(RunSummary run) {

  void addTo(Markup out) {
    out.open("header").open("h1").text(run.recipe()).leaf("span", " on ", "class", "soft");
    out.text(run.data());
    if (!run.finished()) {
      out.leaf("span", "stopped early", "class", "badge");
    }
    out.close();
    out.leaf(
        "p",
        "%s %s, seed %s, backend %s on %s %s, Java %s, Espalier %s, started %s"
            .formatted(
                run.epochs(),
                run.epochs() == 1 ? "epoch" : "epochs",
                run.seed(),
                run.backend(),
                run.threads(),
                run.threads() == 1 ? "thread" : "threads",
                run.javaVersion(),
                run.espalierVersion(),
                run.startedAt().replace("T", " ").replace("Z", " UTC")),
        "class",
        "soft");
    out.close().open("div", "class", "tiles");
    HtmlPage.tile(
        out,
        "Test accuracy",
        Numbers.percent(run.testAccuracy()),
        Double.isNaN(run.testAccuracy())
            ? "stopped before the first evaluation"
            : "%sbest %s in epoch %s, loss %s"
                .formatted(
                    Double.isNaN(run.testTop5Accuracy())
                        ? ""
                        : "top 5 " + Numbers.percent(run.testTop5Accuracy()) + ", ",
                    Numbers.percent(run.bestTestAccuracy()),
                    run.bestEpoch(),
                    Numbers.plain(run.testLoss())));
    double fewer = run.denseWeights() / (double) run.activeWeights();
    HtmlPage.tile(
        out,
        "Fewer weights",
        Double.isFinite(fewer) ? Numbers.fixed(fewer, fewer < 9.95 ? 1 : 0) + "×" : Numbers.UNKNOWN,
        "%s of %s dense weights"
            .formatted(Numbers.count(run.activeWeights()), Numbers.count(run.denseWeights())));
    HtmlPage.tile(
        out,
        "Density",
        Numbers.percent(run.density()),
        "share of the dense network's weights that exist");
    HtmlPage.tile(
        out,
        "Training per epoch",
        Numbers.seconds(run.trainSecondsPerEpoch()),
        Numbers.count(Math.round(run.samplesPerSecond())) + " samples/s");
    HtmlPage.tile(
        out,
        "Training in all",
        Numbers.seconds(run.trainSeconds()),
        "and %s topology, %s evaluation"
            .formatted(
                Numbers.seconds(run.topologySeconds()), Numbers.seconds(run.evaluateSeconds())));
    HtmlPage.tile(
        out,
        "Peak memory",
        Numbers.bytes(run.peakRssBytes()),
        "%s; the network %s for each sample of a batch"
            .formatted(
                run.peakRssBytes() == null
                    ? "not told by this system"
                    : "resident, of the whole process",
                Numbers.bytes(run.networkBytesPerSample())));
    if (run.brokenImages() > 0) {
      HtmlPage.tile(
          out,
          "Broken images",
          Numbers.count(run.brokenImages()),
          "could not be decoded; others were taken in their place");
    }
    out.close();
  }
}
