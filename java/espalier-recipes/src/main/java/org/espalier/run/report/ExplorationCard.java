/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.run.report;

import java.util.List;
import java.util.function.ToDoubleFunction;
import org.espalier.run.TopologyMetrics;

/**
 * How much of the sparse layers was ever tried, and how far their connections moved.
 *
 * @param updates in order; at least one
 */
record ExplorationCard(List<TopologyMetrics> updates) {

  void addTo(Markup out) {
    TopologyMetrics last = updates.get(updates.size() - 1);
    String about =
        "%s of all positions of the sparse layers were active at some time. Of the first connections and those of now, %s are in only one of the two sets (Jaccard distance)."
            .formatted(Numbers.percent(last.explored()), Numbers.percent(last.distanceFromStart()));
    HtmlPage.card(out, "", "Explored and changed", about);
    int[] at = Thinning.of(updates.size());
    int[] x = Thinning.pick(at, i -> (int) updates.get(i).step());
    SvgLineChart chart =
        new SvgLineChart(
            "Share of positions ever active, and distances of topologies",
            "Step",
            "Share",
            true,
            x,
            List.of(
                line("ever active", "c1", at, TopologyMetrics::explored),
                line("changed since the start", "c2", at, TopologyMetrics::distanceFromStart),
                line("changed by the update", "c3", at, TopologyMetrics::distanceFromLast)));
    chart.addTo(out);
    out.close();
  }

  private SvgLineChart.Series line(
      String name, String style, int[] at, ToDoubleFunction<TopologyMetrics> value) {
    double[] y = new double[at.length];
    for (int i = 0; i < at.length; i++) {
      y[i] = value.applyAsDouble(updates.get(at[i]));
    }
    return new SvgLineChart.Series(name, style, y, -1);
  }
}
