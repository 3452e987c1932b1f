/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;
import org.espalier.backend.Backend;
import org.espalier.backend.SgdRule;
import org.espalier.nn.Loss;
import org.espalier.nn.Network;
import org.espalier.nn.NetworkBuilder;
import org.espalier.nn.NetworkSpec;
import org.espalier.nn.Pass;
import org.espalier.nn.WeightInit;
import org.espalier.optim.Sgd;
import org.espalier.sparse.Keys;
import org.espalier.sparse.SparseWeights;
import org.espalier.sparse.ValueRule;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.ElementType;
import org.espalier.tensor.Tensor;
import org.espalier.topology.UniformDensity;
import org.espalier.train.BatchLoader;
import org.espalier.train.SampleSource;
import org.espalier.train.TrainingStep;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A training step leaves nothing to the garbage collector once it is compiled: no object, and no
 * vector that the compiler could not keep in a register, which would also cost ten times the time.
 */
class StepAllocatesNothingTest {

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static final String STEP = "step";
  private static final String BLOCKED_PRODUCT = "product in blocks";
  private static final int STEPS = 200;
  private static final long PATIENCE_NANOS = 40_000_000_000L;

  /** In a JVM of its own, because what other tests ran before changes what is compiled how. */
  @ParameterizedTest
  @ValueSource(strings = {STEP, BLOCKED_PRODUCT})
  void onTwoThreads(String work) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("--add-modules", "jdk.incubator.vector"));
    command.add("-XX:ObjectAlignmentInBytes=64");
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("-XX:MaxVectorSize="))
        .forEach(command::add);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(StepAllocatesNothingTest.class.getName(), work));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    assertEquals("0 bytes", output.strip());
  }

  /** Prints what {@link #STEPS} steps allocate, once that is nothing or patience is at an end. */
  public static void main(String[] arguments) {
    if (arguments[0].equals(STEP)) {
      step();
    } else {
      productInBlocks();
    }
  }

  /** A weight gradient with its optimizer, of a layer dense enough for blocks. */
  private static void productInBlocks() {
    ValueRule uniform = new ValueRule(ValueRule.Kind.UNIFORM, 1);
    SgdRule rule = new SgdRule(0.9f, false, 1e-4f);
    int nnz = 18_000;
    int stride = Tensor.strideFor(100);
    try (Backend backend = new VectorBackendProvider().create(2);
        SparseWeights weights =
            new SparseWeights(
                "layer", backend.topology().random(150, 800, nnz, 1, uniform, 2), uniform)) {
      DeviceBuffer velocity = backend.memory().allocate(ElementType.FLOAT32, nnz);
      weights.addState(velocity);
      DeviceBuffer bias = backend.memory().allocate(ElementType.FLOAT32, 150);
      Tensor x = new Tensor(backend.memory().of(new float[800 * stride]), 0, 800, 100, stride);
      Tensor dy = new Tensor(backend.memory().of(new float[150 * stride]), 0, 150, 100, stride);
      print(i -> backend.sparse().sddmmSgd(weights, x, dy, velocity, bias, rule, 1e-3f));
    }
  }

  /** A step with the gathering of its batch. */
  private static void step() {
    ValueRule uniform = new ValueRule(ValueRule.Kind.UNIFORM, 1);
    float[] rows = new float[300 * 100];
    int[] labels = new int[300];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = uniform.valueAt(1, i);
      labels[i / 100] = (int) (Keys.hash(2, i / 100) >>> 62);
    }
    NetworkSpec spec =
        NetworkSpec.inputs(100).sparseLinear(150).relu().sparseLinear(120).relu().denseLinear(4);
    try (Backend backend = new VectorBackendProvider().create(2);
        Network network =
            new NetworkBuilder(spec, new UniformDensity(0.2), WeightInit.HE, true, 1, 100)
                .build(backend);
        TrainingStep step =
            new TrainingStep(
                network, new Loss.SoftmaxCrossEntropy(0), new Sgd(0.9f, false, 1e-4f), 0, 100);
        BatchLoader loader = new BatchLoader(network, SampleSource.of(rows, 100, labels, 4), 100)) {
      print(
          i -> {
            Tensor input = loader.load(i % loader.batches());
            step.forward(input, loader.labels(), Pass.PREDICT);
            step.update(1e-3);
          });
    }
  }

  private static void print(IntConsumer step) {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    long[] team = team();
    long allocated;
    do { // until the compiler is through
      long before = allocatedBytes(team);
      for (int i = 0; i < STEPS; i++) {
        step.accept(i);
      }
      allocated = allocatedBytes(team) - before;
    } while (allocated > 0 && System.nanoTime() < deadline);
    System.out.println(allocated + " bytes");
  }

  /** Returns this thread and the team's. */
  private static long[] team() {
    long[] workers =
        Arrays.stream(THREADS.getThreadInfo(THREADS.getAllThreadIds()))
            .filter(info -> info.getThreadName().startsWith("espalier-worker"))
            .mapToLong(ThreadInfo::getThreadId)
            .toArray();
    long[] team = Arrays.copyOf(workers, workers.length + 1);
    team[workers.length] = Thread.currentThread().getId();
    return team;
  }

  private static long allocatedBytes(long[] team) {
    long sum = 0;
    for (long id : team) {
      sum += THREADS.getThreadAllocatedBytes(id);
    }
    return sum;
  }
}
