/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.benchmarks;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.espalier.backend.host.WorkerPool;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.ScalarResult;

/**
 * What all processors together do at most around an iteration: the mean of what they do just before
 * and just after it. On a shared machine that changes from one second to the next, by a factor of
 * two where two virtual processors are put on one core, so a time says little without it.
 */
public final class PeakProfiler implements InternalProfiler {

  /** What JMH's files call the result. */
  static final String NAME = "peak";

  private static final long WARM_UP_NANOS = 500_000_000;

  /** Until threads that the benchmark has left spinning have gone to sleep. */
  private static final long LEAD_NANOS = 4_000_000;

  private static final long MEASURE_NANOS = 4_000_000;

  private final int threads = Runtime.getRuntime().availableProcessors();
  private final AtomicInteger arrived = new AtomicInteger();
  private final double[] rates = new double[threads];
  private final float[] sinks = new float[threads];
  private WorkerPool pool; // null where vectors are not to be had, or before the first iteration
  private double before;

  @Override
  public String getDescription() {
    return "multiply-adds of all processors around an iteration";
  }

  @Override
  public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
    if (pool == null && ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()) {
      pool = new WorkerPool(threads);
      measure(WARM_UP_NANOS);
    }
    before = pool == null ? Double.NaN : measure(LEAD_NANOS);
  }

  @Override
  public List<ScalarResult> afterIteration(
      BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
    if (pool == null) {
      return List.of();
    }
    double peak = (before + measure(LEAD_NANOS)) / 2;
    return List.of(new ScalarResult(NAME, peak, "GFLOP/s", AggregationPolicy.AVG));
  }

  private double measure(long lead) {
    arrived.set(0);
    pool.run(threads, (part, worker) -> rates[part] = rate(part, lead));
    return Arrays.stream(rates).sum();
  }

  /** Measures on one thread, when all of them are there. */
  private double rate(int part, long lead) {
    arrived.incrementAndGet();
    while (arrived.get() < threads) {
      Thread.onSpinWait();
    }
    multiplyAdd(part, lead);
    return multiplyAdd(part, MEASURE_NANOS);
  }

  private double multiplyAdd(int part, long nanos) {
    long start = System.nanoTime();
    long runs = 0;
    long elapsed;
    do {
      sinks[part] += MultiplyAdds.run();
      runs++;
      elapsed = System.nanoTime() - start;
    } while (elapsed < nanos);
    return runs * MultiplyAdds.FLOPS / (double) elapsed;
  }
}
