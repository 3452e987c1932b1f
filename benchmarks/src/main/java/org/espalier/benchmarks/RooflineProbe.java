/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.benchmarks;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What can this machine do at most: multiply-adds from registers, and loads from each level of its
 * memory, on all processors at once?
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 8, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 10, time = 200, timeUnit = TimeUnit.MILLISECONDS)
@Threads(Threads.MAX)
@Fork(
    value = 1,
    jvmArgsAppend = {
      "--add-modules",
      "jdk.incubator.vector",
      "-XX:ObjectAlignmentInBytes=64",
      "-Xms2g"
    })
public class RooflineProbe {

  /** Memory that one thread reads over and over. */
  @State(Scope.Thread)
  public static class Area {

    /** Its size in bytes: about L1, L2, L3 and main memory. */
    @Param({"16384", "262144", "4194304", "67108864"})
    public int bytes;

    float[] floats;

    /** Allocates the memory. */
    @Setup(Level.Trial)
    public void allocate() {
      floats = Loads.area(bytes);
    }
  }

  /** Multiplies and adds in registers. */
  @Benchmark
  public float multiplyAdd() {
    return MultiplyAdds.run();
  }

  /** Loads the area, a small one again and again. */
  @Benchmark
  public float read(Area area) {
    float sum = 0;
    long rounds = Roofline.bytesRead(area.bytes) / area.bytes;
    for (long round = 0; round < rounds; round++) {
      sum += Loads.sum(area.floats);
    }
    return sum;
  }
}
