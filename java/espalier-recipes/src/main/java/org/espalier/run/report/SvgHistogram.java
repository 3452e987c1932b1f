/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.run.report;

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

  private static final int MOST_BINS = 60;

  /** Adds the chart. */
  void addTo(Markup out) {
    double spread = 3.5 * degrees.randomDeviation();
    int low = (int) Math.max(0, Math.min(degrees.min(), Math.floor(degrees.mean() - spread)));
    int high =
        (int)
            Math.min(
                degrees.possible(), Math.max(degrees.max(), Math.ceil(degrees.mean() + spread)));
    int width = (high - low) / MOST_BINS + 1;
    low -= low % width;
    int bins = (high - low) / width + 1;
    double[] actual = new double[bins];
    double[] random = new double[bins];
    double[] expected = degrees.randomCounts(low + bins * width);
    double most = 1;
    for (int b = 0; b < bins; b++) {
      for (int d = low + b * width; d < low + (b + 1) * width; d++) {
        actual[b] += d < degrees.counts().length ? degrees.counts()[d] : 0;
        random[b] += expected[d];
      }
      most = Math.max(most, Math.max(actual[b], random[b]));
    }
    draw(out, low, width, actual, random, most);
  }

  private void draw(Markup out, int low, int width, double[] actual, double[] random, double most) {
    int bins = actual.length;
    Axis xAxis = Axis.whole(xTitle, low - 0.5, low + bins * width - 0.5);
    Plot plot = new Plot(out, title, xAxis, Axis.number(capital(neurons), 0, most));
    StringBuilder path = new StringBuilder();
    for (int b = 0; b < bins; b++) {
      int from = low + b * width;
      int to = from + width - 1;
      if (actual[b] > 0) {
        String range = from == to ? Numbers.count(from) : from + " to " + to;
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

  private static String capital(String text) {
    return Character.toUpperCase(text.charAt(0)) + text.substring(1);
  }
}
