/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.benchmarks;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.espalier.benchmarks.MachineProbe.Reading;
import org.espalier.benchmarks.ResultFile.Result;

/**
 * The iterations of a result around which the machine did what it can: multiply-adds at the best
 * rate of the whole file, the caches kept most, and, unless the backend had one thread only,
 * hand-over from one processor to another in the shortest time, or nearly so. What the benchmark
 * itself took plays no part.
 *
 * @param share how many of all iterations these are; all of them, if the machine was not measured
 * @param microseconds median time of a run in them, or in all if there are none
 * @param machine what the machine could do in them, in the median; empty if it was not measured
 */
record QuietIterations(double share, double microseconds, Optional<Reading> machine) {

  private static final double LEAST_PEAK = 0.95;
  private static final double MOST_HANDOVER = 1.5;
  private static final double LEAST_KEPT = 0.8;

  /**
   * Finds them.
   *
   * @param file all results of the file
   */
  static QuietIterations of(Result result, List<Result> file) {
    List<Reading> machine = result.machine();
    if (machine.isEmpty()) {
      return new QuietIterations(1, result.microseconds(), Optional.empty());
    }
    List<Reading> all = file.stream().flatMap(any -> any.machine().stream()).toList();
    Predicate<Reading> isQuiet = among(all, "1".equals(result.params().get("backendThreads")));
    List<Integer> quiet =
        IntStream.range(0, machine.size())
            .filter(i -> isQuiet.test(machine.get(i)))
            .boxed()
            .toList();
    List<Integer> taken =
        quiet.isEmpty() ? IntStream.range(0, machine.size()).boxed().toList() : quiet;
    return new QuietIterations(
        quiet.size() / (double) machine.size(),
        ResultFile.median(taken.stream().map(result.iterations()::get).toList()),
        Optional.of(
            new Reading(
                ResultFile.median(taken.stream().map(i -> machine.get(i).gigaflops()).toList()),
                ResultFile.median(taken.stream().map(i -> machine.get(i).handover()).toList()),
                ResultFile.median(taken.stream().map(i -> machine.get(i).kept()).toList()))));
  }

  /** Returns which readings are quiet: {@link #undisturbed}, and the caches kept what they can. */
  private static Predicate<Reading> among(List<Reading> all, boolean alone) {
    // cores apart have two caches, so they must not set what one keeps
    double kept =
        LEAST_KEPT
            * all.stream()
                .filter(undisturbed(all, false))
                .mapToDouble(Reading::kept)
                .max()
                .orElseThrow();
    return undisturbed(all, alone).and(reading -> reading.kept() >= kept);
  }

  /**
   * Returns in which readings each thread had a core of its own, and a cache in common with the
   * others.
   *
   * @param all readings that were taken, which tell what the machine can do
   * @param alone whether one thread is at work, which does not wait for others
   */
  static Predicate<Reading> undisturbed(List<Reading> all, boolean alone) {
    double least = LEAST_PEAK * all.stream().mapToDouble(Reading::gigaflops).max().orElseThrow();
    // two threads on one core are closest of all, so they must not set the shortest time
    Predicate<Reading> whole = reading -> reading.gigaflops() >= least;
    double most =
        MOST_HANDOVER
            * all.stream().filter(whole).mapToDouble(Reading::handover).min().orElseThrow();
    return whole.and(reading -> alone || reading.handover() <= most);
  }
}
