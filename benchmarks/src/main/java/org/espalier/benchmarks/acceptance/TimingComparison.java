/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.benchmarks.acceptance;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.espalier.UserException;
import org.espalier.backend.Backend;

/**
 * Times a backend, then the products on others, and says how many times as fast it is; of the
 * backend itself with leave to round, how many times as fast that is.
 *
 * @param work what is timed
 * @param out where the tables go
 */
record TimingComparison(TimedWork work, PrintStream out) {

  /** Share of the time that the backend itself may take if there are others. */
  private static final double OWN_SHARE = 0.7;

  /** How many times as fast as a vendor's library the products should be. */
  private static final double GOAL = 2;

  /**
   * Times until the limit, and writes the reports as a JSON list.
   *
   * @param backends the backend, then those to compare with; one of these that cannot be used is
   *     left out, with the reason
   */
  void run(List<String> backends, Duration limit, Path json) throws IOException {
    long end = System.nanoTime() + limit.toNanos();
    double share = backends.size() > 1 ? OWN_SHARE : 1;
    List<TimingReport> reports = new ArrayList<>();
    try (Backend backend = Acceptance.open(backends.get(0))) {
      Duration own = Duration.ofNanos((long) (share * limit.toNanos()));
      reports.add(new Timing(backends.get(0), backend, own).run(work.on(backend), out));
    }
    write(reports, json); // whatever becomes of the others
    for (String name : backends.subList(1, backends.size())) {
      try (Backend reference = Acceptance.open(name)) {
        Duration left = Duration.ofNanos(Math.max(0, end - System.nanoTime()));
        TimingReport report = new Timing(name, reference, left).run(work.products(reference), out);
        reports.add(report);
        boolean itself = name.startsWith(backends.get(0) + "@");
        out.print(
            itself
                ? compare(report, reports.get(0), false)
                : compare(reports.get(0), report, true));
      } catch (UserException missing) {
        out.printf("%s is not timed: %s%n", name, missing.getMessage());
      }
    }
    write(reports, json);
  }

  private static void write(List<TimingReport> reports, Path json) throws IOException {
    new JsonMapper().writerWithDefaultPrettyPrinter().writeValue(json.toFile(), reports);
  }

  /**
   * Returns a line for each operation that both reports have.
   *
   * @param toGoal whether there is a factor to reach
   */
  static String compare(TimingReport report, TimingReport reference, boolean toGoal) {
    StringBuilder text = new StringBuilder();
    for (TimingReport.Line line : report.lines()) {
      for (TimingReport.Line other : reference.lines()) {
        if (line.what().equals(other.what()) && line.shape().equals(other.shape())) {
          double factor = other.microseconds() / line.microseconds();
          String goal =
              String.format(
                  Locale.ROOT, ", goal %.0f: %s", GOAL, factor >= GOAL ? "reached" : "not reached");
          text.append(
              String.format(
                  Locale.ROOT,
                  "%s, %s: %s is %.2f times as fast as %s%s%n",
                  line.what(),
                  line.shape(),
                  report.backend(),
                  factor,
                  reference.backend(),
                  toGoal && report.hasGoals() ? goal : ""));
        }
      }
    }
    return text.toString();
  }
}
