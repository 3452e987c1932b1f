/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.run.report;

import java.util.ArrayList;
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
    List<SvgLineChart.Series> accuracies =
        lines(EpochMetrics::trainAccuracy, EpochMetrics::testAccuracy, best);
    if (epochs.stream().anyMatch(epoch -> Double.isFinite(epoch.testTop5Accuracy()))) {
      accuracies.add(line("test, top 5", "c3", EpochMetrics::testTop5Accuracy, -1));
    }
    chart("Accuracy", true, x, accuracies).addTo(out);
    out.close();
    HtmlPage.card(out, "", "Loss", "");
    chart("Loss", false, x, lines(EpochMetrics::trainLoss, EpochMetrics::testLoss, -1)).addTo(out);
    out.close();
  }

  private static SvgLineChart chart(
      String what, boolean share, int[] x, List<SvgLineChart.Series> lines) {
    return new SvgLineChart(what + " over the epochs", "Epoch", what, share, x, lines);
  }

  private List<SvgLineChart.Series> lines(
      ToDoubleFunction<EpochMetrics> train, ToDoubleFunction<EpochMetrics> test, int best) {
    double[] training = epochs.stream().mapToDouble(train).toArray();
    return new ArrayList<>(
        List.of(
            new SvgLineChart.Series("training", "c2", training, -1),
            line("test", "c1", test, best)));
  }

  /** Returns a line through the epochs that were evaluated. */
  private SvgLineChart.Series line(
      String name, String style, ToDoubleFunction<EpochMetrics> test, int best) {
    boolean[] evaluated = new boolean[epochs.size()];
    for (int i = 0; i < evaluated.length; i++) {
      evaluated[i] = epochs.get(i).isEvaluated();
    }
    double[] values = epochs.stream().mapToDouble(test).toArray();
    return new SvgLineChart.Series(name, style, values, best, evaluated);
  }
}
