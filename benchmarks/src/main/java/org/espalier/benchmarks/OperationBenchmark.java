/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.benchmarks;

import java.util.concurrent.TimeUnit;
import org.espalier.UserException;
import org.espalier.backend.Backend;
import org.espalier.backend.Backends;
import org.espalier.conformance.OperationCase;
import org.espalier.conformance.OperationCatalogue;
import org.espalier.conformance.PreparedCase;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** How long does one run of an operation take? {@link Report} turns the time into GFLOP/s. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 8, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 7, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Fork(
    value = 1,
    jvmArgsAppend = {
      "--add-modules",
      "jdk.incubator.vector",
      "-XX:ObjectAlignmentInBytes=64",
      "-Xms2g"
    })
public class OperationBenchmark {

  /** Name of the parameter that {@link Main} fills with all cases worth timing. */
  static final String CASE = "operationCase";

  /** Name of a case of the catalogue. */
  @Param("spmm 1024x1024 nnz=52428 n=128")
  public String operationCase;

  /** Name of a backend. */
  @Param({"cpu", "cpu-portable"})
  public String backend;

  /** Threads the backend may use; 0 for one on each processor. */
  @Param("0")
  public int backendThreads;

  private Backend opened;
  private PreparedCase prepared;

  /** Opens the backend and puts the inputs into its memory. */
  @Setup(Level.Trial)
  public void open() {
    OperationCase chosen =
        OperationCatalogue.all().stream()
            .filter(candidate -> candidate.name().equals(operationCase))
            .findFirst()
            .orElseThrow(
                () -> new UserException("There is no case named '" + operationCase + "'."));
    int threads = backendThreads == 0 ? Runtime.getRuntime().availableProcessors() : backendThreads;
    opened = Backends.open(backend, threads);
    prepared = chosen.prepare(opened);
  }

  @Benchmark
  public void run() {
    prepared.run();
    opened.await();
  }

  /** Gives everything back. */
  @TearDown(Level.Trial)
  public void close() {
    prepared.close();
    opened.close();
  }
}
