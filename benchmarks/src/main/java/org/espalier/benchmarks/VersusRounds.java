/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.benchmarks;

import java.io.PrintStream;
import java.net.URL;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.espalier.UserException;
import org.espalier.benchmarks.MachineProbe.Reading;

/**
 * One JVM of {@link Versus}: rounds in which two versions run in turns, so that whatever the
 * machine does, it does to both.
 */
final class VersusRounds {

  /** A round: nanoseconds of a run of each version, and what the machine could do around it. */
  record Round(double before, double now, Reading machine) {

    private static final String MARK = "round ";

    /** Returns the line that carries it from process to process. */
    String line() {
      return String.format(
          Locale.ROOT,
          "%s%.1f %.1f %.3f %.3f %.3f",
          MARK,
          before,
          now,
          machine.gigaflops(),
          machine.handover(),
          machine.kept());
    }

    /** Returns the round of a line, or null if it is something else. */
    static Round of(String line) {
      if (!line.startsWith(MARK)) {
        return null;
      }
      String[] parts = line.substring(MARK.length()).split(" ");
      return new Round(
          Double.parseDouble(parts[0]),
          Double.parseDouble(parts[1]),
          new Reading(
              Double.parseDouble(parts[2]),
              Double.parseDouble(parts[3]),
              Double.parseDouble(parts[4])));
    }
  }

  /** Begins the line that tells what is wrong with the arguments. */
  static final String WRONG = "wrong ";

  /** Rounds of a JVM. */
  static final int ROUNDS = 30;

  private static final int WARMUPS = 8;
  private static final double WARMUP_NANOS = 3e8;

  /** What each version takes of a round, or two runs of it. */
  private static final double TURN_NANOS = 1e8;

  /** Runs before a turn that wake up threads and caches. */
  private static final int LEAD = 3;

  private VersusRounds() {}

  /**
   * Prints the rounds.
   *
   * @param arguments which of both versions is loaded first (0 or 1: where things lie in memory
   *     makes a difference), the jars of both, the benchmark, and its parameters
   */
  public static void main(String[] arguments) throws Throwable {
    try {
      boolean nowFirst = arguments[0].equals("1");
      List<URL> before = List.of(Path.of(arguments[1]).toUri().toURL());
      List<URL> now = List.of(Path.of(arguments[2]).toUri().toURL());
      String name = arguments[3];
      Map<String, String> params = new LinkedHashMap<>();
      for (int i = 4; i < arguments.length; i++) {
        String[] parts = arguments[i].split("=", 2);
        params.put(parts[0], parts[1]);
      }
      try (LoadedBenchmark first = new LoadedBenchmark(nowFirst ? now : before, name, params);
          LoadedBenchmark second = new LoadedBenchmark(nowFirst ? before : now, name, params)) {
        run(nowFirst ? second : first, nowFirst ? first : second, ROUNDS, System.out);
      }
      System.exit(0); // versions may have threads that do not end
    } catch (UserException failure) {
      System.out.println(WRONG + failure.getMessage());
      System.exit(2);
    }
  }

  /** Runs some rounds and prints each as a line. */
  static void run(LoadedBenchmark before, LoadedBenchmark now, int rounds, PrintStream out)
      throws Throwable {
    int runs = 0; // as often as the slower version, by its last warm-up
    for (int i = 0; i < WARMUPS; i++) {
      runs = Math.min(warmUp(before), warmUp(now));
    }
    MachineProbe probe = new MachineProbe();
    Reading start = probe.measure();
    for (int i = 0; i < rounds; i++) {
      boolean nowFirst = i % 2 == 1;
      double first = turn(nowFirst ? now : before, runs);
      double second = turn(nowFirst ? before : now, runs);
      Reading end = probe.measure();
      Reading around = Reading.mean(start, end);
      out.println(new Round(nowFirst ? second : first, nowFirst ? first : second, around).line());
      start = end;
    }
  }

  /** Runs a version for a while and returns how often it runs in a turn. */
  private static int warmUp(LoadedBenchmark version) throws Throwable {
    double took = 0;
    int runs = 0;
    while (took < WARMUP_NANOS) {
      took += version.time(1);
      runs++;
    }
    return Math.max(2, (int) (runs * TURN_NANOS / took));
  }

  private static double turn(LoadedBenchmark version, int runs) throws Throwable {
    version.time(Math.min(LEAD, runs));
    return version.time(runs);
  }
}
