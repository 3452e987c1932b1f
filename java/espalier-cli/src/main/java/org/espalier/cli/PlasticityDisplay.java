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

  private final PrintWriter out;
  private final StatusLine line;
  private long started;

  /**
   * Creates a display.
   *
   * @param columns width of the terminal, 0 if there is none
   */
  PlasticityDisplay(PrintWriter out, int columns) {
    this.out = out;
    this.line = new StatusLine(out, columns);
  }

  @Override
  public void onStep(int trial, int trials, double share) {
    long now = System.nanoTime();
    if (started == 0) {
      started = now;
    }
    if (!line.isDue()) {
      return;
    }
    double done = trial - 1 + share;
    double left = (now - started) * 1e-9 * (trials - done) / done;
    line.draw(
        String.format(
            "continuation %d/%d  %3.0f %%  %s left",
            trial, trials, 100 * share, ProgressDisplay.duration(left)));
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
    line.clear();
  }
}
