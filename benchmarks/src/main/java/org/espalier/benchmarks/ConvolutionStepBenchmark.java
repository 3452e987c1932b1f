/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.benchmarks;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.espalier.backend.Activation;
import org.espalier.backend.Backend;
import org.espalier.backend.Backends;
import org.espalier.backend.Normalization;
import org.espalier.nn.LayerSpec;
import org.espalier.nn.LayerSpec.Convolution;
import org.espalier.nn.LayerSpec.Norm;
import org.espalier.nn.LayerSpec.Residual;
import org.espalier.nn.Loss;
import org.espalier.nn.Network;
import org.espalier.nn.NetworkBuilder;
import org.espalier.nn.NetworkSpec;
import org.espalier.nn.Pass;
import org.espalier.nn.WeightInit;
import org.espalier.optim.Sgd;
import org.espalier.sparse.Kernel;
import org.espalier.tensor.Tensor;
import org.espalier.topology.UniformDensity;
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
 * How long does a whole training step of a ResNet-20 on 32 x 32 images take, normalisation
 * included, and how much of it does sparsity save? The 3 x 3 convolutions of the three stages are
 * uniformly sparse, or dense; the first convolution, the projections and the classifier are dense.
 * Momentum SGD, softmax cross-entropy, batches of 100.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 7, time = 1)
@Fork(
    value = 1,
    jvmArgsAppend = {
      "--add-modules",
      "jdk.incubator.vector",
      "-XX:ObjectAlignmentInBytes=64",
      "-XX:+UseParallelGC",
      "-Xms2g"
    })
public class ConvolutionStepBenchmark {

  private static final LayerSpec RELU = new LayerSpec.Act(Activation.RELU);
  private static final Norm NORM = new Norm(Normalization.USUAL);
  private static final int BLOCKS = 3;

  /** Share of the connections that exist; 1 for dense layers. */
  @Param({"1", "0.1", "0.02"})
  public double density;

  /** Name of a backend. */
  @Param("cpu")
  public String backend;

  /** Threads the backend may use; 0 for one on each processor. */
  @Param("0")
  public int backendThreads;

  private Backend opened;
  private Network network;
  private TrainingStep step;
  private BatchLoader loader;
  private final float[] losses = new float[ReferenceNet.BATCH];
  private int batch;

  /** Builds the network and the samples. */
  @Setup(Level.Trial)
  public void open() {
    int threads = backendThreads == 0 ? Runtime.getRuntime().availableProcessors() : backendThreads;
    opened = Backends.open(backend, threads);
    int size = ReferenceNet.BATCH;
    network =
        new NetworkBuilder(
                spec(density < 1), new UniformDensity(density), WeightInit.HE, true, 1, size)
            .build(opened);
    Loss loss = new Loss.SoftmaxCrossEntropy(0);
    step = new TrainingStep(network, loss, new Sgd(0.9f, false, 0), 0, size);
    loader = new BatchLoader(network, ReferenceNet.samples(), size);
    step(); // builds the transposed copies
  }

  private static NetworkSpec spec(boolean sparse) {
    NetworkSpec spec =
        NetworkSpec.inputs(ReferenceNet.INPUTS)
            .add(new LayerSpec.Images(3, 32, 32))
            .add(new Convolution(16, Kernel.same(3, 1), false, false))
            .add(NORM)
            .add(RELU);
    for (int stage = 0; stage < 3; stage++) {
      for (int block = 0; block < BLOCKS; block++) {
        spec = spec.add(block(16 << stage, stage > 0 && block == 0, sparse));
      }
    }
    return spec.add(new LayerSpec.GlobalPool())
        .add(new LayerSpec.Flatten())
        .denseLinear(ReferenceNet.OUTPUTS);
  }

  private static Residual block(int width, boolean halves, boolean sparse) {
    int stride = halves ? 2 : 1;
    List<LayerSpec> body =
        List.of(
            new Convolution(width, Kernel.same(3, stride), sparse, false),
            NORM,
            RELU,
            new Convolution(width, Kernel.same(3, 1), sparse, false),
            NORM);
    LayerSpec projection = new Convolution(width, Kernel.same(1, stride), false, false);
    return new Residual(body, halves ? List.of(projection, NORM) : List.of(), true);
  }

  /** One step on a random batch. */
  @Benchmark
  public float[] step() {
    int inEpoch = batch % loader.batches();
    if (inEpoch == 0) {
      loader.shuffle(1, batch);
    }
    batch++;
    Tensor outcome = step.forward(loader.load(inEpoch), loader.labels(), Pass.training(batch));
    step.update(0.01);
    opened.memory().download(outcome.buffer(), outcome.offset(), losses, 0, outcome.positions());
    return losses;
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
