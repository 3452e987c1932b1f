/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.run.report;

import java.util.Arrays;
import org.espalier.run.DegreeStatistics;

/**
 * How many neurons have how many connections, with the line of a random topology.
 *
 * @param title what it shows
 * @param xTitle what is counted
 * @param neurons what has the connections, in the plural
 * @param degrees the counts
 */
record SvgHistogram(String title, String xTitle, String neurons, DegreeStatistics degrees) {

  /** Tells whether some neurons have more connections than the chart spans. */
  boolean isCut() {
    return degrees.max() >= Bins.of(degrees).end();
  }

  /** Adds the chart. */
  void addTo(Markup out) {
    Bins bins = Bins.of(degrees);
    double[] actual = new double[bins.count()];
    double[] random = new double[bins.count()];
    for (int d = bins.first(); d <= degrees.max(); d++) {
      actual[bins.of(d)] += degrees.counts()[d];
    }
    double[] expected = degrees.randomCounts(bins.end());
    for (int d = bins.first(); d < bins.end(); d++) {
      random[bins.of(d)] += expected[d];
    }
    draw(out, bins, actual, random);
  }

  private void draw(Markup out, Bins bins, double[] actual, double[] random) {
    double most = Math.max(1, Math.max(max(actual), max(random)));
    Axis xAxis = Axis.whole(xTitle, bins.first() - 0.5, bins.end() - 0.5);
    Plot plot = new Plot(out, title, xAxis, Axis.number(capital(neurons), 0, most));
    StringBuilder path = new StringBuilder();
    for (int b = 0; b < bins.count(); b++) {
      int from = bins.start(b);
      int to = bins.start(b + 1) - 1;
      if (actual[b] > 0) {
        boolean open = b == bins.count() - 1 && isCut();
        String range = open ? from + " or more" : from == to ? "" + from : from + " to " + to;
        String tip =
            "%s %s with %s connections (random: %s)"
                .formatted(
                    Numbers.count((long) actual[b]), neurons, range, Numbers.compact(random[b]));
        plot.bar("bar", from - 0.5, to + 0.5, 0, actual[b], tip);
      }
      path.append(b == 0 ? 'M' : 'L')
          .append(Numbers.coordinate(plot.x((from + to) / 2.0)))
          .append(' ')
          .append(Numbers.coordinate(plot.y(random[b])));
    }
    out.empty("path", "class", "curve random", "d", path);
    plot.end();
  }

  private static double max(double[] values) {
    return Arrays.stream(values).max().orElse(0);
  }

  private static String capital(String text) {
    return Character.toUpperCase(text.charAt(0)) + text.substring(1);
  }
}
