/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.run.report;

import java.util.List;
import java.util.function.ToDoubleFunction;
import org.espalier.run.EpochMetrics;

/** Accuracy and loss over the epochs. */
record CurvesSection(List<EpochMetrics> epochs) {

  void addTo(Markup out) {
    int[] x = epochs.stream().mapToInt(EpochMetrics::epoch).toArray();
    int best = -1;
    for (int i = 0; i < x.length; i++) {
      double accuracy = epochs.get(i).testAccuracy();
      if (Double.isFinite(accuracy) && (best < 0 || accuracy > epochs.get(best).testAccuracy())) {
        best = i;
      }
    }
    HtmlPage.card(out, "", "Accuracy", "");
    chart("Accuracy", true, x, EpochMetrics::trainAccuracy, EpochMetrics::testAccuracy, best)
        .addTo(out);
    out.close();
    HtmlPage.card(out, "", "Loss", "");
    chart("Loss", false, x, EpochMetrics::trainLoss, EpochMetrics::testLoss, -1).addTo(out);
    out.close();
  }

  private SvgLineChart chart(
      String what,
      boolean share,
      int[] x,
      ToDoubleFunction<EpochMetrics> train,
      ToDoubleFunction<EpochMetrics> test,
      int best) {
    boolean[] evaluated = new boolean[x.length];
    for (int i = 0; i < x.length; i++) {
      evaluated[i] = epochs.get(i).isEvaluated();
    }
    return new SvgLineChart(
        what + " over the epochs",
        "Epoch",
        what,
        share,
        x,
        List.of(
            new SvgLineChart.Series(
                "training", "c2", epochs.stream().mapToDouble(train).toArray(), -1),
            new SvgLineChart.Series(
                "test", "c1", epochs.stream().mapToDouble(test).toArray(), best, evaluated)));
  }
}
