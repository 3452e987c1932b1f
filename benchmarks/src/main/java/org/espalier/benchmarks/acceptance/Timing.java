/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.benchmarks.acceptance;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.espalier.backend.Backend;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.ElementType;

/**
 * Times work on a backend whose device runs on its own: as many runs as fill a period are asked for
 * without waiting, and then waited for, so that what counts is how fast the device gets through
 * them.
 */
final class Timing {

  private static final double PERIOD = 0.03;
  private static final int REPEATS = 7;
  private static final int MAX_RUNS = 100_000;

  /** More than any second-level cache holds. */
  private static final long COPIED_BYTES = 512L << 20;

  private final String name;
  private final Backend backend;
  private final long end;

  /**
   * Times from now on.
   *
   * @param name what the report calls the backend
   * @param limit after which nothing more is begun
   */
  Timing(String name, Backend backend, Duration limit) {
    this.name = name;
    this.backend = backend;
    this.end = System.nanoTime() + limit.toNanos();
  }

  /** Times the work in its order, and prints a line about each. */
  TimingReport run(List<Timed> work, PrintStream out) {
    double copied = copyGigabytes(Math.min(COPIED_BYTES, largest(work)));
    out.println(name + ": " + backend.description());
    out.print(TimingReport.heading(copied));
    List<TimingReport.Line> lines = new ArrayList<>();
    for (Timed timed : work) {
      if (System.nanoTime() - end > 0) {
        break;
      }
      double seconds;
      try (Timed.Prepared prepared = timed.preparation().get()) {
        seconds = seconds(prepared::run);
      }
      TimingReport.Line line = TimingReport.Line.of(timed, seconds, copied);
      lines.add(line);
      out.print(line);
    }
    int left = work.size() - lines.size();
    if (left > 0) {
      out.printf("%d not run for lack of time%n", left);
    }
    TimingReport report =
        new TimingReport(name, backend.description(), copied, List.copyOf(lines), left);
    out.print(report.topologyShares());
    return report;
  }

  /** Small work is for devices that are slow: an emulated one need not copy that much. */
  private static long largest(List<Timed> work) {
    return (long) Math.max(1 << 20, 8 * work.stream().mapToDouble(Timed::bytes).max().orElse(0));
  }

  private double copyGigabytes(long bytes) {
    long count = bytes / Float.BYTES;
    try (DeviceBuffer source = backend.memory().allocate(ElementType.FLOAT32, count);
        DeviceBuffer target = backend.memory().allocate(ElementType.FLOAT32, count)) {
      double seconds = seconds(() -> backend.memory().copy(source, 0, target, 0, count));
      return 2e-9 * bytes / seconds;
    }
  }

  /** Returns how long one run takes: the median of a few periods. */
  private double seconds(Runnable work) {
    period(work, 2);
    int runs = 1;
    double time = period(work, runs);
    while (time < PERIOD && runs < MAX_RUNS) {
      double wanted = 1.2 * runs * PERIOD / Math.max(time, 1e-9);
      runs = (int) Math.min(Math.min(10.0 * runs, MAX_RUNS), Math.max(runs + 1, wanted));
      time = period(work, runs);
    }
    double[] times = new double[REPEATS];
    for (int i = 0; i < REPEATS; i++) {
      times[i] = period(work, runs) / runs;
    }
    Arrays.sort(times);
    return times[REPEATS / 2];
  }

  private double period(Runnable work, int runs) {
    long start = System.nanoTime();
    for (int i = 0; i < runs; i++) {
      work.run();
    }
    backend.await();
    return 1e-9 * (System.nanoTime() - start);
  }
}
