/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.espalier.backend.Backend;
import org.espalier.nn.Loss;
import org.espalier.nn.Network;
import org.espalier.nn.NetworkBuilder;
import org.espalier.nn.NetworkSpec;
import org.espalier.nn.Pass;
import org.espalier.nn.WeightInit;
import org.espalier.optim.Sgd;
import org.espalier.sparse.SparseWeights;
import org.espalier.topology.PruneAndGrow;
import org.espalier.topology.TopologyMemory;
import org.espalier.topology.TopologyUpdate;
import org.espalier.topology.UniformDensity;
import org.espalier.train.BatchLoader;
import org.espalier.train.SampleSource;
import org.espalier.train.TrainingStep;
import org.junit.jupiter.api.Test;

/** A network of 92 million cells, 99 % sparse, trains in little more memory than a bare JVM. */
class WideNetMemoryTest {

  private static final Path STATUS = Path.of("/proc/self/status");
  private static final long ALLOWED = 150_000_000;

  @Test
  void trainingTakesLessThan150MegabytesOnTopOfTheJvm() throws Exception {
    assumeTrue(Files.exists(STATUS), "the peak of a process is read from " + STATUS);
    long bare = peakOf("bare");
    long training = peakOf("train");
    System.out.printf("peak: bare JVM %,d bytes, training %,d bytes%n", bare, training);
    assertTrue(training - bare <= ALLOWED, (training - bare) + " bytes on top of " + bare);
  }

  private static long peakOf(String argument) throws IOException, InterruptedException {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx92m", // with room for the compiler beside it, which needs 27 MB at 16 lanes
            "-XX:+UseParallelGC",
            "--add-modules",
            "jdk.incubator.vector",
            "-XX:ObjectAlignmentInBytes=64",
            "-cp",
            System.getProperty("java.class.path"),
            WideNetMemoryTest.class.getName(),
            argument);
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor() == 0, "the process failed");
    return Long.parseLong(output.strip());
  }

  /** Trains, if told to, and prints the peak of this process in bytes. */
  public static void main(String[] arguments) throws IOException {
    if (arguments[0].equals("train")) {
      train();
    }
    try (Stream<String> lines = Files.lines(STATUS)) {
      String peak = lines.filter(line -> line.startsWith("VmHWM")).findFirst().orElseThrow();
      System.out.println(1024 * Long.parseLong(peak.replaceAll("\\D", "")));
    }
  }

  private static void train() {
    int features = 3072;
    int samples = 200;
    float[] rows = new float[samples * features];
    int[] labels = new int[samples];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = i * 0x9E3779B9 * 0x1p-31f;
      labels[i / features] = i / features % 10;
    }
    NetworkSpec spec =
        NetworkSpec.inputs(features)
            .sparseLinear(8192)
            .relu()
            .sparseLinear(8192)
            .relu()
            .denseLinear(10);
    PruneAndGrow evolution = PruneAndGrow.set();
    try (Backend backend = new VectorBackendProvider().create(2);
        Network network =
            new NetworkBuilder(spec, new UniformDensity(0.01), WeightInit.HE, true, 1, 100)
                .build(backend);
        TrainingStep step =
            new TrainingStep(
                network, new Loss.SoftmaxCrossEntropy(0), new Sgd(0.9f, false, 0), 0, 100);
        BatchLoader loader =
            new BatchLoader(network, SampleSource.of(rows, features, labels, 10), 100)) {
      for (int i = 0; i < 30; i++) {
        step.forward(loader.load(i % 2), loader.labels(), Pass.PREDICT);
        step.update(1e-3);
        if (i % 10 == 5) {
          for (SparseWeights weights : network.sparseWeights()) {
            evolution.update(TopologyUpdate.of(backend, new TopologyMemory(), weights, i));
          }
        }
      }
    }
  }
}
