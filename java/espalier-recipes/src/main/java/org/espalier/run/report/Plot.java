/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.run.report;

/** The frame that charts draw into: an SVG with axes, grid and titles, and where values lie. */
final class Plot {

  private static final double WIDTH = 480;

  /** How high most charts are; their width is 480. */
  static final double HEIGHT = 264;

  private static final double LEFT = 52;
  private static final double RIGHT = 14;
  private static final double TOP = 26;
  private static final double BOTTOM = 40;

  private final Markup out;
  private final Axis xAxis;
  private final Axis yAxis;
  private final double height;

  /**
   * Opens the SVG and draws the axes.
   *
   * @param title what the chart shows, for those who cannot see it
   */
  Plot(Markup out, String title, Axis xAxis, Axis yAxis) {
    this(out, title, xAxis, yAxis, HEIGHT);
  }

  /**
   * Like the other one, with a height; the width is 480.
   *
   * @param height of the whole drawing
   */
  Plot(Markup out, String title, Axis xAxis, Axis yAxis, double height) {
    this.out = out;
    this.height = height;
    this.xAxis = xAxis;
    this.yAxis = yAxis;
    out.open(
        "svg",
        "viewBox",
        "0 0 " + Numbers.coordinate(WIDTH) + " " + Numbers.coordinate(height),
        "role",
        "img",
        "aria-label",
        title);
    drawY();
    drawX();
  }

  private void drawY() {
    for (double tick : yAxis.ticks()) {
      double y = y(tick);
      out.empty("line", "class", "grid", "x1", LEFT, "x2", WIDTH - RIGHT, "y1", y, "y2", y);
      out.leaf("text", yAxis.label(tick), "class", "end", "x", LEFT - 7, "y", y + 4);
    }
    out.leaf("text", yAxis.title(), "class", "axis", "x", 2.0, "y", 12.0);
  }

  private void drawX() {
    double base = height - BOTTOM;
    out.empty("line", "class", "base", "x1", LEFT, "x2", WIDTH - RIGHT, "y1", base, "y2", base);
    for (double tick : xAxis.ticks()) {
      double x = x(tick);
      out.empty("line", "class", "base", "x1", x, "x2", x, "y1", base, "y2", base + 4);
      out.leaf("text", xAxis.label(tick), "class", "mid", "x", x, "y", base + 17);
    }
    out.leaf("text", xAxis.title(), "class", "axis end", "x", WIDTH - RIGHT, "y", height - 4);
  }

  double x(double value) {
    return LEFT + xAxis.at(value) * (WIDTH - LEFT - RIGHT);
  }

  double y(double value) {
    return height - BOTTOM - yAxis.at(value) * (height - TOP - BOTTOM);
  }

  /** Draws a bar between two values of each axis, with a text shown when it is pointed at. */
  void bar(String style, double x1, double x2, double y1, double y2, String tip) {
    double left = x(Math.min(x1, x2));
    double top = y(Math.max(y1, y2));
    double width = x(Math.max(x1, x2)) - left;
    double gap = width > 5 ? 1 : width > 2 ? 0.4 : 0;
    out.open(
        "rect",
        "class",
        style,
        "x",
        left + gap / 2,
        "width",
        width - gap,
        "y",
        top,
        "height",
        y(Math.min(y1, y2)) - top);
    out.leaf("title", tip).close();
  }

  /** Marks a value, with a text shown when it is pointed at. */
  void dot(String style, double x, double y, double radius, String tip) {
    out.open("circle", "class", style, "cx", x(x), "cy", y(y), "r", radius);
    out.leaf("title", tip).close();
  }

  /** Lets a path go on to a value, or start there. */
  void extend(StringBuilder path, boolean start, double x, double y) {
    path.append(start ? 'M' : 'L')
        .append(Numbers.coordinate(x(x)))
        .append(' ')
        .append(Numbers.coordinate(y(y)));
  }

  /** Draws a path. */
  void curve(String style, StringBuilder path) {
    out.empty("path", "class", "curve " + style, "d", path);
  }

  void end() {
    out.close();
  }
}
