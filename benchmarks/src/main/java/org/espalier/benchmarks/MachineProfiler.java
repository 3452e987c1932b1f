/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.benchmarks;

import java.util.List;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.ScalarResult;

/**
 * Gives each iteration what the machine could do around it, as {@link MachineProbe} measures it:
 * the mean of just before and just after. A time on a shared machine says little without it.
 */
public final class MachineProfiler implements InternalProfiler {

  /** What JMH's files call the multiply-adds. */
  static final String PEAK = "peak";

  /** What they call the time from one processor to another. */
  static final String HANDOVER = "handover";

  /** What they call the rate at which what is in the caches is read again. */
  static final String KEPT = "kept";

  private MachineProbe probe; // null where vectors are not to be had, or before the first iteration
  private MachineProbe.Reading before;

  @Override
  public String getDescription() {
    return "multiply-adds of all processors, hand-over between them and what caches keep, around an iteration";
  }

  @Override
  public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
    if (probe == null && ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()) {
      probe = new MachineProbe();
    }
    before = probe == null ? null : probe.measure();
  }

  @Override
  public List<ScalarResult> afterIteration(
      BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
    if (probe == null) {
      return List.of();
    }
    MachineProbe.Reading around = MachineProbe.Reading.mean(before, probe.measure());
    return List.of(
        new ScalarResult(PEAK, around.gigaflops(), "GFLOP/s", AggregationPolicy.AVG),
        new ScalarResult(HANDOVER, around.handover(), "ns", AggregationPolicy.AVG),
        new ScalarResult(KEPT, around.kept(), "GB/s", AggregationPolicy.AVG));
  }
}
