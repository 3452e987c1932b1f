/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.benchmarks.acceptance;

import java.util.List;
import java.util.Locale;

/**
 * Timings of a backend.
 *
 * @param backend its name
 * @param description its device
 * @param copyGigabytes billions of bytes that a copy inside its memory reads and writes in a second
 * @param lines what was timed
 * @param notRun how much more there was to time
 */
record TimingReport(
    String backend, String description, double copyGigabytes, List<Line> lines, int notRun) {

  private static final int UPDATE_INTERVAL = 100;

  /** Percent of the time of the steps. */
  private static final double UPDATE_GOAL = 1;

  private static final String ROW = "%-18s %-38s %12s %10s %9s %7s  %s%n";

  /**
   * Something timed.
   *
   * @param what the operation
   * @param shape what it was done on
   * @param microseconds of one run
   * @param gigaflops billions of useful operations a second; null if there are none to speak of
   * @param gigabytes billions of bytes a second, of the traffic it cannot avoid; null if not told
   * @param percentOfCopy share of what a copy reaches, in percent; null if the traffic is not told
   * @param goalGigaflops what it should reach; null for none
   */
  record Line(
      String what,
      String shape,
      double microseconds,
      Double gigaflops,
      Double gigabytes,
      Double percentOfCopy,
      Double goalGigaflops) {

    static Line of(Timed timed, double seconds, double copyGigabytes) {
      Double gigaflops = timed.flops() == 0 ? null : 1e-9 * timed.flops() / seconds;
      Double gigabytes = timed.bytes() == 0 ? null : 1e-9 * timed.bytes() / seconds;
      return new Line(
          timed.what(),
          timed.shape(),
          1e6 * seconds,
          gigaflops,
          gigabytes,
          gigabytes == null ? null : 100 * gigabytes / copyGigabytes,
          Double.isNaN(timed.goal()) ? null : timed.goal());
    }

    @Override
    public String toString() {
      String goal = "";
      if (goalGigaflops != null) {
        goal =
            "%s GFLOP/s: %s"
                .formatted(
                    number(goalGigaflops), gigaflops >= goalGigaflops ? "reached" : "not reached");
      }
      return String.format(
          Locale.ROOT,
          ROW,
          what,
          shape,
          number(microseconds),
          number(gigaflops),
          number(gigabytes),
          number(percentOfCopy),
          goal);
    }
  }

  /** Returns the lines above the table. */
  static String heading(double copyGigabytes) {
    return String.format(
            Locale.ROOT, "copy inside the memory: %.1f GB/s, read and write%n", copyGigabytes)
        + String.format(ROW, "operation", "shape", "us", "GFLOP/s", "GB/s", "% copy", "goal");
  }

  /**
   * Returns, for each network whose step and update were timed, what share of the time updates
   * take.
   */
  String topologyShares() {
    StringBuilder text = new StringBuilder();
    for (Line step : lines) {
      lines.stream()
          .filter(line -> step.what().equals(StepWork.STEP))
          .filter(line -> line.what().equals(StepWork.UPDATE))
          .filter(line -> line.shape().equals(step.shape()))
          .forEach(update -> text.append(topologyShare(step, update)));
    }
    return text.toString();
  }

  /** Tells whether there is anything to reach: small work is a rehearsal, without goals. */
  boolean hasGoals() {
    return lines.stream().anyMatch(line -> line.goalGigaflops() != null);
  }

  private String topologyShare(Line step, Line update) {
    double percent = 100 * update.microseconds() / (UPDATE_INTERVAL * step.microseconds());
    return String.format(
        Locale.ROOT,
        "%s: an update every %d steps takes %.2f %% of their time%s%n",
        step.shape(),
        UPDATE_INTERVAL,
        percent,
        hasGoals() ? ", goal 1 %: " + (percent <= UPDATE_GOAL ? "reached" : "not reached") : "");
  }

  private static String number(Double value) {
    return value == null ? "-" : String.format(Locale.ROOT, value < 100 ? "%.2f" : "%.0f", value);
  }
}
