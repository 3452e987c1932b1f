/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cli;

import java.io.PrintWriter;
import java.util.Locale;
import org.espalier.data.DownloadProgress;
import org.espalier.train.TrainingListener;

/** Shows how a run goes: a bar on a terminal, one line an epoch elsewhere. */
final class ProgressDisplay implements TrainingListener, DownloadProgress {

  private static final int BAR = 24;

  private final PrintWriter out;
  private final StatusLine line;
  private final int epochs;
  private final int batchSize;
  private final long started = System.nanoTime();
  private long epochStarted = System.nanoTime();
  private int epochFirstStep;
  private int runningEpoch;
  private double smoothLoss = Double.NaN;
  private double doneAtStart = Double.NaN;

  /**
   * Creates a display.
   *
   * @param columns width of the terminal, 0 if there is none
   */
  ProgressDisplay(PrintWriter out, int columns, int epochs, int batchSize) {
    this.out = out;
    this.line = new StatusLine(out, columns);
    this.epochs = epochs;
    this.batchSize = batchSize;
  }

  /** Returns a display that is told of downloads only. */
  static ProgressDisplay ofDownloads(PrintWriter out) {
    return new ProgressDisplay(out, terminalColumns(), 1, 1);
  }

  /** Returns the width of the terminal that the launcher found, 0 for none. */
  static int terminalColumns() {
    return Integer.getInteger("espalier.terminal", 0);
  }

  @Override
  public void onStep(int epoch, int step, int steps, double loss) {
    smoothLoss = Double.isNaN(smoothLoss) ? loss : 0.98 * smoothLoss + 0.02 * loss;
    if (!line.isShown()) {
      return;
    }
    long now = System.nanoTime();
    if (epoch != runningEpoch) {
      runningEpoch = epoch;
      epochStarted = now;
      epochFirstStep = step;
    }
    double done = epoch - 1 + step / (double) steps;
    if (Double.isNaN(doneAtStart)) {
      doneAtStart = done;
    }
    if (!line.isDue()) {
      return;
    }
    double perSecond = (step - epochFirstStep) * (double) batchSize * 1e9 / (now - epochStarted);
    double left = (now - started) * 1e-9 * (epochs - done) / Math.max(1e-9, done - doneAtStart);
    int filled = (int) (BAR * (long) step / steps);
    line.draw(
        String.format(
            Locale.ROOT,
            "epoch %d/%d [%s%s] loss %.4f  %,.0f samples/s  %s left",
            epoch,
            epochs,
            "#".repeat(filled),
            " ".repeat(BAR - filled),
            smoothLoss,
            perSecond,
            duration(left)));
  }

  @Override
  public void onEpoch(EpochReport report) {
    clear();
    out.printf(
        Locale.ROOT,
        "epoch %d/%d  loss %.4f  train %.2f %%  %s%,d weights (%.2f %%)  %.2f s  %,.0f samples/s%n",
        report.epoch(),
        report.epochs(),
        report.train().loss(),
        100 * report.train().accuracy(),
        report.test() == null
            ? ""
            : String.format(Locale.ROOT, "test %.2f %%  ", 100 * report.test().accuracy()),
        report.activeWeights(),
        100 * report.density(),
        report.seconds().train(),
        report.train().samples() / Math.max(1e-9, report.seconds().train()));
    out.flush();
  }

  @Override
  public void update(String file, long received, long total) {
    boolean complete = received == total;
    if (!line.isShown()) {
      if (received == 0 || complete) {
        out.printf("%s %s%n", complete ? "downloaded" : "downloading", file);
      }
      return;
    }
    if (complete) {
      clear();
      out.printf("downloaded %s (%,d bytes)%n", file, received);
    } else if (line.isDue()) {
      String share = total > 0 ? " %d %%".formatted(100 * received / total) : "";
      line.draw("downloading %s  %,d bytes%s".formatted(file, received, share));
    }
  }

  /** Removes the bar, so that something else can be printed. */
  void clear() {
    line.clear();
  }

  static String duration(double seconds) {
    long whole = Math.round(seconds);
    if (whole < 60) {
      return whole + " s";
    }
    return whole < 3600
        ? "%d min %02d s".formatted(whole / 60, whole % 60)
        : "%d h %02d min".formatted(whole / 3600, whole / 60 % 60);
  }
}
