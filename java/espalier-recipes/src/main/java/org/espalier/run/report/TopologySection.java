/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.run.report;

import java.util.ArrayList;
import java.util.List;
import org.espalier.run.EpochMetrics;
import org.espalier.run.RunMetrics;
import org.espalier.run.TopologyMetrics;

/** How the topology changed: connections pruned and grown, and densities if they changed. */
record TopologySection(RunMetrics metrics) {

  private static final int COLORS = 6;

  boolean isEmpty() {
    return metrics.updates().isEmpty() && !changes(metrics.epochs());
  }

  void addTo(Markup out) {
    if (!metrics.updates().isEmpty()) {
      long pruned = metrics.updates().stream().mapToLong(TopologyMetrics::pruned).sum();
      long grown = metrics.updates().stream().mapToLong(TopologyMetrics::grown).sum();
      HtmlPage.card(out, "", "Pruned and grown", "");
      out.open("div", "class", "legend");
      out.leaf("span", Numbers.count(grown) + " grown", "class", "key grown");
      out.leaf("span", Numbers.count(pruned) + " pruned", "class", "key pruned").close();
      new SvgUpdateChart(metrics.updates()).addTo(out);
      out.close();
    }
    if (changes(metrics.epochs())) {
      HtmlPage.card(out, "", "Density of each layer", "");
      densities(metrics.epochs()).addTo(out);
      out.close();
    }
  }

  private static boolean changes(List<EpochMetrics> epochs) {
    return epochs.stream().anyMatch(e -> !e.layers().equals(epochs.get(0).layers()));
  }

  private static SvgLineChart densities(List<EpochMetrics> epochs) {
    List<EpochMetrics.Layer> first = epochs.get(0).layers();
    List<SvgLineChart.Series> series = new ArrayList<>();
    for (int l = 0; l < first.size(); l++) {
      int layer = l;
      double[] densities =
          epochs.stream().mapToDouble(e -> e.layers().get(layer).density()).toArray();
      String style = "c" + (1 + l % COLORS);
      series.add(new SvgLineChart.Series(first.get(l).name(), style, densities, -1));
    }
    int[] x = epochs.stream().mapToInt(EpochMetrics::epoch).toArray();
    return new SvgLineChart("Density of each layer", "Epoch", "Density", true, x, series);
  }
}
