/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cli;

import java.io.PrintWriter;

/** A line on a terminal that is drawn anew again and again; nothing where there is no terminal. */
final class StatusLine {

  private static final long REDRAW_NANOS = 100_000_000;

  private final PrintWriter out;
  private final int columns;
  private long drawn;

  /**
   * Creates a line that is not drawn yet.
   *
   * @param columns width of the terminal, 0 if there is none
   */
  StatusLine(PrintWriter out, int columns) {
    this.out = out;
    this.columns = columns;
  }

  /** Tells whether there is a terminal. */
  boolean isShown() {
    return columns > 0;
  }

  /** Tells whether it is time to draw: there is a terminal, and it has been a while. */
  boolean isDue() {
    return isShown() && System.nanoTime() - drawn >= REDRAW_NANOS;
  }

  /** Draws a text over what was there; what is too long for the terminal is cut off. */
  void draw(String text) {
    drawn = System.nanoTime();
    int width = Math.max(0, columns - 1);
    String shown = text.length() > width ? text.substring(0, width) : text;
    out.print("\r" + shown + " ".repeat(width - shown.length()));
    out.flush();
  }

  /** Removes the line, so that something else can be printed. */
  void clear() {
    if (isShown()) {
      out.print("\r" + " ".repeat(columns - 1) + "\r");
      out.flush();
    }
  }
}
