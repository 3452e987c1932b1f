/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.run.report;

import java.util.List;

/**
 * Lines over numbers of any kind.
 *
 * @param title what it shows
 * @param xAxis the axis across
 * @param yAxis the axis up
 * @param lines what is drawn, the last on top
 */
record XyChart(String title, Axis xAxis, Axis yAxis, List<Line> lines) {

  /**
   * A line.
   *
   * @param name for the legend
   * @param style its CSS class
   * @param x ascending
   * @param y a value for each x
   * @param dots whether its points are marked
   */
  record Line(String name, String style, double[] x, double[] y, boolean dots) {

    /** Returns a dashed line between the corners of two axes that start at 0 and end at 1. */
    static Line diagonal(String name) {
      return new Line(name, "random", new double[] {0, 1}, new double[] {0, 1}, false);
    }

    /** Adds the line to a chart. */
    void addTo(Markup out, Plot plot) {
      StringBuilder path = new StringBuilder();
      for (int i = 0; i < x.length; i++) {
        path.append(i == 0 ? 'M' : 'L')
            .append(Numbers.coordinate(plot.x(x[i])))
            .append(' ')
            .append(Numbers.coordinate(plot.y(y[i])));
      }
      out.empty("path", "class", "curve " + style, "d", path);
    }

    private void addDots(Markup out, Plot plot, Axis xAxis, Axis yAxis) {
      for (int i = 0; dots && i < x.length; i++) {
        double across = plot.x(x[i]);
        out.open("circle", "class", "dot " + style, "cx", across, "cy", plot.y(y[i]), "r", 2.6);
        out.leaf("title", "%s: %s at %s".formatted(name, yAxis.label(y[i]), xAxis.label(x[i])));
        out.close();
      }
    }
  }

  /** Returns an axis across for shares from 0 to 1; per cent is said once, in its title. */
  static Axis percent(String title) {
    List<Double> ticks = List.of(0.0, 0.2, 0.4, 0.6, 0.8, 1.0);
    return new Axis(title + ", %", 0, 1, ticks, share -> Numbers.fixed(100 * share, 0), false);
  }

  /** Adds legend and chart, as high as most are. */
  void addTo(Markup out) {
    addTo(out, Plot.HEIGHT);
  }

  /** Adds legend and chart. */
  void addTo(Markup out, double height) {
    out.open("div", "class", "legend");
    lines.forEach(line -> out.leaf("span", line.name, "class", "key " + line.style));
    out.close();
    Plot plot = new Plot(out, title, xAxis, yAxis, height);
    lines.forEach(line -> line.addTo(out, plot));
    lines.forEach(line -> line.addDots(out, plot, xAxis, yAxis));
    plot.end();
  }
}
