/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.run.report;

import java.util.Locale;
import org.espalier.measure.ScaleFreeness;
import org.espalier.run.DegreeStatistics;

/**
 * Which share of the neurons that have any connections has so many or more, on logarithmic axes,
 * where a power law is a straight line.
 *
 * @param title what it shows
 * @param neurons what has the connections, in the plural
 * @param degrees the counts; some above 0
 * @param powerLaw the best power law, if there is one
 */
record SvgTailChart(
    String title, String neurons, DegreeStatistics degrees, ScaleFreeness powerLaw) {

  /** More degrees than this are thinned, evenly on the logarithmic axis. */
  private static final double CLOSEST = 1.01;

  /** Adds the chart, its legend above it. */
  void addTo(Markup out) {
    legend(out);
    int connected = degrees.neurons() - degrees.unconnected();
    int first = Math.max(1, degrees.min());
    double least = 0.5 / connected;
    int last = degrees.max();
    Axis xAxis = Axis.logarithmic("Connections", first, last, Numbers::compact);
    Axis yAxis = Axis.logarithmicShare("So many or more", least, 1);
    Plot plot = new Plot(out, title, xAxis, yAxis);
    random(plot, first, last, least);
    if (powerLaw.hasLaw()) {
      law(plot, last, least);
    }
    long more = connected;
    double drawn = 0;
    for (int d = first; d <= last; d++) {
      if (degrees.counts()[d] > 0 && (d >= drawn * CLOSEST || d == last)) {
        dot(plot, d, more, more / (double) connected);
        drawn = d;
      }
      more -= degrees.counts()[d];
    }
    plot.end();
  }

  private void legend(Markup out) {
    out.open("div", "class", "legend").leaf("span", neurons, "class", "key point c1");
    out.leaf("span", "expected at random", "class", "key random");
    if (powerLaw.hasLaw()) {
      String law =
          String.format(
              Locale.ROOT, "power law, alpha %.2f from %d", powerLaw.alpha(), powerLaw.xmin());
      out.leaf("span", law, "class", "key c4");
    }
    out.close();
  }

  private void dot(Plot plot, int degree, long neuronCount, double share) {
    String tip =
        "%s %s with %s or more connections".formatted(Numbers.count(neuronCount), neurons, degree);
    plot.dot("dot c1", degree, share, 2.6, tip);
  }

  private void law(Plot plot, int last, double least) {
    StringBuilder path = new StringBuilder();
    double at = powerLaw.xmin();
    double share = 1;
    while (at <= last && share >= least) {
      share = powerLaw.expectedAtLeast((int) at);
      if (share >= least) {
        plot.extend(path, path.isEmpty(), (int) at, share);
      }
      at = Math.max(at + 1, at * 1.05);
    }
    plot.curve("c4", path);
  }

  private void random(Plot plot, int first, int last, double least) {
    double[] counts = degrees.randomCounts(degrees.possible() + 1);
    double[] atLeast = new double[counts.length + 1];
    for (int d = counts.length - 1; d >= 0; d--) {
      atLeast[d] = atLeast[d + 1] + counts[d];
    }
    StringBuilder path = new StringBuilder();
    for (int d = first; d <= Math.min(last, degrees.possible()); d++) {
      double share = atLeast[d] / Math.max(atLeast[1], Double.MIN_NORMAL);
      if (share >= least) {
        plot.extend(path, path.isEmpty(), d, Math.min(1, share));
      }
    }
    plot.curve("random", path);
  }
}
