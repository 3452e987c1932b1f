/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.run.report;

import java.util.List;
import org.espalier.run.TopologyMetrics;

/**
 * Connections grown (up) and pruned (down) in each topology update; updates that are too many to
 * draw are summed in groups.
 *
 * @param updates in order; at least one
 */
record SvgUpdateChart(List<TopologyMetrics> updates) {

  private static final int MOST_BARS = 100;

  /** Adds the chart. */
  void addTo(Markup out) {
    int group = (updates.size() - 1) / MOST_BARS + 1;
    int bars = (updates.size() - 1) / group + 1;
    double[] grown = new double[bars];
    double[] pruned = new double[bars];
    double most = 0;
    for (int i = 0; i < updates.size(); i++) {
      grown[i / group] += updates.get(i).grown();
      pruned[i / group] += updates.get(i).pruned();
      most = Math.max(most, Math.max(grown[i / group], pruned[i / group]));
    }
    int first = updates.get(0).update();
    Axis xAxis = Axis.whole("Update", first - 0.5, first + bars * group - 0.5);
    Axis yAxis = Axis.mirrored("Connections", Math.max(1, most));
    Plot plot = new Plot(out, "Connections grown and pruned", xAxis, yAxis);
    for (int b = 0; b < bars; b++) {
      int from = first + b * group;
      int to = Math.min(from + group, first + updates.size()) - 1;
      String which = from == to ? "update " + from : "updates " + from + " to " + to;
      double left = from - 0.5;
      double right = from + group - 0.5;
      plot.bar("bar grown", left, right, 0, grown[b], count(grown[b]) + " grown in " + which);
      plot.bar("bar pruned", left, right, 0, -pruned[b], count(pruned[b]) + " pruned in " + which);
    }
    plot.end();
  }

  private static String count(double connections) {
    return Numbers.count((long) connections);
  }
}
