/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.run.report;

import java.util.List;
import org.espalier.run.EpochMetrics;

/** What only some want to see, folded: a table of all epochs, the settings. */
record DetailsSection(List<EpochMetrics> epochs, String recipe) {

  private static final List<String> COLUMNS =
      List.of(
          "Epoch",
          "Step",
          "Training loss",
          "Training accuracy",
          "Test loss",
          "Test accuracy",
          "Top 5",
          "Learning rate",
          "Connections",
          "Training",
          "Topology",
          "Evaluation",
          "Samples/s");

  void addTo(Markup out) {
    if (!epochs.isEmpty()) {
      out.open("details", "class", "card wide").leaf("summary", "All epochs");
      HtmlPage.table(out, COLUMNS);
      epochs.forEach(epoch -> row(out, epoch));
      out.close().close().close();
    }
    if (!recipe.isBlank()) {
      out.open("details", "class", "card wide").leaf("summary", "Recipe");
      out.leaf("pre", recipe.strip()).close();
    }
  }

  private static void row(Markup out, EpochMetrics epoch) {
    out.open("tr");
    List.of(
            Numbers.count(epoch.epoch()),
            Numbers.count(epoch.step()),
            Numbers.plain(epoch.trainLoss()),
            Numbers.percent(epoch.trainAccuracy()),
            Numbers.plain(epoch.testLoss()),
            Numbers.percent(epoch.testAccuracy()),
            Numbers.percent(epoch.testTop5Accuracy()),
            Numbers.plain(epoch.learningRate()),
            Numbers.count(epoch.activeWeights()),
            Numbers.seconds(epoch.trainSeconds()),
            Numbers.seconds(epoch.topologySeconds()),
            Numbers.seconds(epoch.evaluateSeconds()),
            Numbers.count(Math.round(epoch.samplesPerSecond())))
        .forEach(cell -> out.leaf("td", cell));
    out.close();
  }
}
