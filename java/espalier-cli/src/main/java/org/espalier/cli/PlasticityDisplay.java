/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cli;

import java.io.PrintWriter;
import java.util.Locale;
import org.espalier.plasticity.PlasticityListener;
import org.espalier.plasticity.PlasticityPoint;

/**
 * Shows how the trials after pruning go: a line that moves on a terminal, one a point elsewhere.
 */
final class PlasticityDisplay implements PlasticityListener {

  private static final long REDRAW_NANOS = 100_000_000;

  private final PrintWriter out;
  private final int columns;
  private long started;
  private long drawn;

  /**
   * Creates a display.
   *
   * @param columns width of the terminal, 0 if there is none
   */
  PlasticityDisplay(PrintWriter out, int columns) {
    this.out = out;
    this.columns = columns;
  }

  @Override
  public void onStep(int trial, int trials, double share) {
    long now = System.nanoTime();
    if (started == 0) {
      started = now;
    }
    if (columns == 0 || now - drawn < REDRAW_NANOS) {
      return;
    }
    drawn = now;
    double done = trial - 1 + share;
    double left = (now - started) * 1e-9 * (trials - done) / done;
    String line =
        String.format(
            "continuation %d/%d  %3.0f %%  %s left",
            trial, trials, 100 * share, ProgressDisplay.duration(left));
    out.print("\r" + line + " ".repeat(Math.max(0, columns - 1 - line.length())));
    out.flush();
  }

  @Override
  public void onPoint(PlasticityPoint point) {
    clear();
    out.printf(
        Locale.ROOT,
        "pruned after epoch %d  %d ways to prune  test before %.2f %%  trained on without pruning %.2f %%%n",
        point.epoch(),
        point.trials().size(),
        100 * point.accuracy(),
        100 * point.accuracyUnpruned());
    out.flush();
  }

  /** Removes the moving line, so that something else can be printed. */
  void clear() {
    if (columns > 0) {
      out.print("\r" + " ".repeat(columns - 1) + "\r");
      out.flush();
    }
  }
}
