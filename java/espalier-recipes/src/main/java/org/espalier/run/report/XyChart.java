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
    void addTo(Plot plot) {
      StringBuilder path = new StringBuilder();
      for (int i = 0; i < x.length; i++) {
        plot.extend(path, i == 0, x[i], y[i]);
      }
      plot.curve(style, path);
    }

    private void addDots(Plot plot, Axis xAxis, Axis yAxis) {
      for (int i = 0; dots && i < x.length; i++) {
        String tip = "%s: %s at %s".formatted(name, yAxis.label(y[i]), xAxis.label(x[i]));
        plot.dot("dot " + style, x[i], y[i], 2.6, tip);
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
    lines.forEach(line -> line.addTo(plot));
    lines.forEach(line -> line.addDots(plot, xAxis, yAxis));
    plot.end();
  }
}
