/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.benchmarks;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.espalier.backend.host.WorkerPool;

/**
 * What all processors together can do at this moment. On a shared machine that changes: two virtual
 * processors may be put on one core, or on cores that have no cache in common, and neighbours may
 * fill the cache that all share.
 *
 * <p>Every thread measures many short times and keeps the median, so that neither a thread that is
 * moved from one processor to another nor a short disturbance shows.
 */
final class MachineProbe {

  /**
   * A reading.
   *
   * @param gigaflops multiply-adds of all processors per second, counted as two, in billions
   * @param handover nanoseconds until what one thread writes is seen by another, from the first to
   *     each of the others and back, on average; 0 on one processor
   * @param kept billions of bytes per second at which all processors read again what each has read
   *     2 ms before, 6 MB: slowly where neighbours have filled the common cache meanwhile; 0 where
   *     it was not measured
   */
  record Reading(double gigaflops, double handover, double kept) {

    /** Returns the mean of two readings, those before and after something. */
    static Reading mean(Reading one, Reading other) {
      return new Reading(
          (one.gigaflops + other.gigaflops) / 2,
          (one.handover + other.handover) / 2,
          (one.kept + other.kept) / 2);
    }
  }

  /** Until threads that spin, because they had work just before, have gone to sleep. */
  private static final long LEAD_NANOS = 8_000_000;

  private static final int WINDOWS = 15;
  private static final int RUNS = 10; // of the loop in a window: about 0.2 ms
  private static final int ROUND_TRIPS = 200; // in a window

  /** More than a core's own caches hold, less than its share of a common one. */
  private static final int KEPT_BYTES = 6 << 20;

  private static final int REREADS = 7;
  private static final long REREAD_AFTER_NANOS = 2_000_000; // about a training step

  private final int threads = Runtime.getRuntime().availableProcessors();
  private final WorkerPool pool = new WorkerPool(threads);
  private final AtomicInteger arrived = new AtomicInteger();
  private final AtomicLong ball = new AtomicLong();
  private final double[] rates = new double[threads];
  private final double[] rereads = new double[threads];
  private final float[][] areas = new float[threads][];
  private final float[] sinks = new float[threads];
  private double handover;

  /** Starts a thread for each processor. */
  MachineProbe() {
    Arrays.setAll(areas, i -> Loads.area(KEPT_BYTES));
    for (int i = 0; i < 50; i++) {
      measure(); // until it is compiled
    }
  }

  /** Measures for some 27 ms, or longer the more processors there are. */
  Reading measure() {
    arrived.set(0);
    ball.set(0);
    pool.run(threads, (part, worker) -> measure(part));
    return new Reading(Arrays.stream(rates).sum(), handover, Arrays.stream(rereads).sum());
  }

  private void measure(int part) {
    awaitAll(1);
    for (long start = System.nanoTime(); System.nanoTime() - start < LEAD_NANOS; ) {
      sinks[part] += MultiplyAdds.run();
    }
    rates[part] = RUNS * MultiplyAdds.FLOPS / median(() -> multiplyAdd(part));
    awaitAll(2);
    double sum = 0;
    for (int other = 1; other < threads; other++) {
      if (part == 0) {
        sum += median(this::throwBall) / (2 * ROUND_TRIPS);
      } else if (part == other) {
        long throwsBefore = (long) (other - 1) * WINDOWS * ROUND_TRIPS;
        catchBall(2 * throwsBefore, 2 * (throwsBefore + WINDOWS * ROUND_TRIPS));
      }
    }
    if (part == 0) {
      handover = threads == 1 ? 0 : sum / (threads - 1);
    }
    awaitAll(3);
    rereads[part] = KEPT_BYTES / median(REREADS, MachineProbe::pause, () -> read(part));
  }

  private void multiplyAdd(int part) {
    for (int run = 0; run < RUNS; run++) {
      sinks[part] += MultiplyAdds.run();
    }
  }

  private static void pause() {
    for (long start = System.nanoTime(); System.nanoTime() - start < REREAD_AFTER_NANOS; ) {
      Thread.onSpinWait();
    }
  }

  private void read(int part) {
    sinks[part] += Loads.sum(areas[part]);
  }

  /** Throws the ball when it is here, which is when its number is even. */
  private void throwBall() {
    for (int trip = 0; trip < ROUND_TRIPS; trip++) {
      long next = ball.get() + 1;
      ball.set(next);
      await(next + 1);
    }
  }

  /** Throws it back, from one even number to another. */
  private void catchBall(long from, long to) {
    for (long number = from + 1; number < to; number += 2) {
      await(number);
      ball.set(number + 1);
    }
  }

  private void await(long number) {
    while (ball.get() != number) {
      Thread.onSpinWait();
    }
  }

  private void awaitAll(int times) {
    arrived.incrementAndGet();
    while (arrived.get() < times * threads) {
      Thread.onSpinWait();
    }
  }

  /** Returns the nanoseconds that some work takes. */
  private static double median(Runnable work) {
    return median(WINDOWS, () -> {}, work);
  }

  /** Returns the same with something before each window that is not counted. */
  private static double median(int windows, Runnable before, Runnable work) {
    long[] nanos = new long[windows];
    for (int window = 0; window < windows; window++) {
      before.run();
      long start = System.nanoTime();
      work.run();
      nanos[window] = System.nanoTime() - start;
    }
    Arrays.sort(nanos);
    return nanos[windows / 2];
  }
}
