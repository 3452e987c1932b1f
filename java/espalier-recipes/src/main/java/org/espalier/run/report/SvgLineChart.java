/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.run.report;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;

/**
 * Lines over whole numbers such as epochs.
 *
 * @param title what it shows
 * @param xTitle what the whole numbers count
 * @param yTitle what the lines measure
 * @param scale of the values
 * @param x whole numbers, ascending
 * @param series the lines; values that are not finite leave a gap
 */
record SvgLineChart(
    String title, String xTitle, String yTitle, Scale scale, int[] x, List<Series> series) {

  /** Space left below the lowest value of a logarithmic scale. */
  private static final double MARGIN = 1.25;

  /** More points than this are shown as a line only. */
  private static final int MOST_DOTS = 60;

  /** How values are shown; on a logarithmic scale those that are not positive leave a gap. */
  enum Scale {
    NUMBER,
    SHARE,
    LOG_SHARE
  }

  /** Makes a chart of shares, shown in per cent, or of other numbers. */
  SvgLineChart(
      String title, String xTitle, String yTitle, boolean share, int[] x, List<Series> series) {
    this(title, xTitle, yTitle, share ? Scale.SHARE : Scale.NUMBER, x, series);
  }

  /**
   * A line.
   *
   * @param name of the line
   * @param style its CSS class
   * @param y a value for each x
   * @param marked index of a value to mark; -1 for none
   * @param measured which values there are at all: the line goes on over the others
   */
  record Series(String name, String style, double[] y, int marked, boolean[] measured) {

    /** Makes a line all of whose values were measured. */
    Series(String name, String style, double[] y, int marked) {
      this(name, style, y, marked, new boolean[y.length]);
      Arrays.fill(measured, true);
    }
  }

  /** Adds the chart, its legend above it. */
  void addTo(Markup out) {
    double[] finite =
        series.stream().flatMapToDouble(s -> Arrays.stream(s.y)).filter(this::isShown).toArray();
    if (finite.length == 0) {
      out.leaf("p", "No finite values to draw.", "class", "nothing");
      return;
    }
    legend(out);
    double low = DoubleStream.of(finite).min().orElseThrow();
    double high = DoubleStream.of(finite).max().orElseThrow();
    Axis yAxis =
        switch (scale) {
          case NUMBER -> Axis.number(yTitle, low, high);
          case SHARE -> Axis.share(yTitle, low, high);
          case LOG_SHARE -> Axis.logarithmicShare(yTitle, low / MARGIN, high);
        };
    boolean one = x.length == 1;
    Axis xAxis = Axis.whole(xTitle, one ? x[0] - 0.5 : x[0], one ? x[0] + 0.5 : x[x.length - 1]);
    Plot plot = new Plot(out, title, xAxis, yAxis);
    for (Series line : series) {
      drawLine(plot, line);
    }
    for (Series line : series) {
      drawDots(plot, line);
    }
    plot.end();
  }

  private boolean isShown(double value) {
    return Double.isFinite(value) && (scale != Scale.LOG_SHARE || value > 0);
  }

  private void legend(Markup out) {
    out.open("div", "class", "legend");
    for (Series line : series) {
      out.leaf("span", line.name, "class", "key " + line.style);
      if (line.marked >= 0) {
        String best = value(line.y[line.marked]) + " at " + at(line.marked);
        out.leaf("span", "best " + best, "class", "key ring " + line.style);
      }
    }
    out.close();
  }

  private String value(double y) {
    return scale == Scale.NUMBER ? Numbers.plain(y) : Numbers.percent(y);
  }

  private String at(int index) {
    return xTitle.toLowerCase(Locale.ROOT) + " " + x[index];
  }

  private void drawLine(Plot plot, Series line) {
    StringBuilder path = new StringBuilder();
    boolean gap = true;
    for (int i = 0; i < x.length; i++) {
      if (!line.measured[i]) {
        continue;
      }
      if (isShown(line.y[i])) {
        plot.extend(path, gap, x[i], line.y[i]);
      }
      gap = !isShown(line.y[i]);
    }
    plot.curve(line.style, path);
  }

  private void drawDots(Plot plot, Series line) {
    for (int i = 0; i < x.length; i++) {
      boolean marked = i == line.marked;
      if (isShown(line.y[i]) && (marked || x.length <= MOST_DOTS)) {
        String style = (marked ? "ring " : "dot ") + line.style;
        String tip = line.name + " " + value(line.y[i]) + ", " + at(i);
        plot.dot(style, x[i], line.y[i], marked ? 5.0 : 2.6, tip);
      }
    }
  }
}
