/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.benchmarks;

import java.util.concurrent.TimeUnit;
import org.espalier.backend.Backend;
import org.espalier.backend.Backends;
import org.espalier.backend.PendingFloats;
import org.espalier.nn.Loss;
import org.espalier.nn.Network;
import org.espalier.nn.Pass;
import org.espalier.optim.Sgd;
import org.espalier.sparse.SparseWeights;
import org.espalier.tensor.Tensor;
import org.espalier.topology.PruneAndGrow;
import org.espalier.topology.TopologyMemory;
import org.espalier.topology.TopologyUpdate;
import org.espalier.train.BatchLoader;
import org.espalier.train.TrainingStep;
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

/**
 * How long does a whole training step take, the gathering of a random batch included, and how long
 * a topology update? Momentum SGD, softmax cross-entropy, batches of 100.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 12, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Fork(
    value = 3,
    jvmArgsAppend = {
      "--add-modules",
      "jdk.incubator.vector",
      "-XX:ObjectAlignmentInBytes=64",
      "-XX:+UseParallelGC",
      "-Xms2g"
    })
public class StepBenchmark {

  /** Name of the network: see {@link ReferenceNet}. */
  @Param({"A-dense", "A-75", "A-90", "A-95", "A-99", "A-99.9", "C-99", "C-99.9"})
  public String net;

  /** Name of a backend. */
  @Param("cpu")
  public String backend;

  /** Threads the backend may use; 0 for one on each processor. */
  @Param("0")
  public int backendThreads;

  private final PruneAndGrow evolution = PruneAndGrow.set();
  private Backend opened;
  private Network network;
  private TrainingStep step;
  private BatchLoader loader;
  private final float[] losses = new float[ReferenceNet.BATCH];
  private PendingFloats before;
  private int batch;
  private int update;

  /** Builds the network and the samples. */
  @Setup(Level.Trial)
  public void open() {
    int threads = backendThreads == 0 ? Runtime.getRuntime().availableProcessors() : backendThreads;
    opened = Backends.open(backend, threads);
    network = ReferenceNet.of(net).build(opened);
    int size = ReferenceNet.BATCH;
    Loss loss = new Loss.SoftmaxCrossEntropy(0);
    step = new TrainingStep(network, loss, new Sgd(0.9f, false, 0), 0, size);
    loader = new BatchLoader(network, ReferenceNet.samples(), size);
    step(); // builds the transposed copies
  }

  /**
   * One step on a random batch. The losses of the step before are read when the step is under way,
   * as a training loop does.
   */
  @Benchmark
  public float[] step() {
    int inEpoch = batch % loader.batches();
    if (inEpoch == 0) {
      loader.shuffle(1, batch);
    }
    batch++;
    Tensor outcome = step.forward(loader.load(inEpoch), loader.labels(), Pass.PREDICT);
    PendingFloats pending =
        opened.memory().downloadLater(outcome.buffer(), outcome.offset(), outcome.positions());
    step.update(0.01);
    if (before != null) {
      before.get(losses, 0);
    }
    before = pending;
    return losses;
  }

  /**
   * One SET update of both hidden layers, and the step that follows: it makes what products keep of
   * a pattern anew. {@link StepReport} takes a usual step away.
   */
  @Benchmark
  public float[] updateAndStep() {
    for (SparseWeights weights : network.sparseWeights()) {
      boolean copied = weights.transposed().isPresent();
      evolution.update(TopologyUpdate.of(opened, new TopologyMemory(), weights, ++update));
      if (copied) {
        weights.setTransposed(opened.topology().transpose(weights.csr()));
      }
    }
    return step();
  }

  /** Gives everything back. */
  @TearDown(Level.Trial)
  public void close() {
    loader.close();
    step.close();
    network.close();
    opened.close();
  }
}
