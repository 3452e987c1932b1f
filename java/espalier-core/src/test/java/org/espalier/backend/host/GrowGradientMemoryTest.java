/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend.host;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.espalier.sparse.CsrMatrix;
import org.espalier.sparse.Keys;
import org.espalier.sparse.ValueRule;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.ElementType;
import org.espalier.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** A layer of 100 million cells, whose dense gradient takes 400 MB, grows in a heap of 40 MB. */
class GrowGradientMemoryTest {

  private static final int SIZE = 10_000;
  private static final int CONNECTIONS = 100_000;
  private static final int GROWN = 30_000;
  private static final int POSITIONS = 3;

  @Test
  void theGradientOfAWideLayerIsNeverFormed() throws Exception {
    assertEquals("grown", outputOf("real"));
  }

  @Test
  void neitherAreTheCandidatesWhenAllGradientsAreEqual() throws Exception {
    assertEquals("grown", outputOf("equal"));
  }

  private static String outputOf(String argument) throws IOException, InterruptedException {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx40m",
            "-XX:+UseParallelGC",
            "-cp",
            System.getProperty("java.class.path"),
            GrowGradientMemoryTest.class.getName(),
            argument);
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), "the process failed");
    return output.strip();
  }

  /** Grows, with gradients that are real numbers or all equal, and says so if the cells are new. */
  public static void main(String[] arguments) {
    HostMemory memory = new HostMemory();
    boolean real = arguments[0].equals("real");
    try (WorkerPool pool = new WorkerPool(2)) {
      HostTopology topology = new HostTopology(memory, pool);
      CsrMatrix csr = topology.random(SIZE, SIZE, CONNECTIONS, 1, ValueRule.ZEROS, 0);
      int[] flags = new int[CONNECTIONS];
      Arrays.fill(flags, 1);
      DeviceBuffer positions = memory.allocate(ElementType.INT64, GROWN);
      Tensor x = tensor(memory, real ? 1 : 0);
      Tensor dy = tensor(memory, real ? 2 : 0);
      topology.growGradient(csr, memory.of(flags), x, dy, GROWN, positions);
      long last = HostBuffer.longs(positions)[GROWN - 1];
      // equal ones are the first free cells, which end in one of the first rows
      System.out.println(last < (real ? (long) SIZE * SIZE : 4 * SIZE) ? "grown" : "at " + last);
    }
  }

  /** Returns random numbers, or zeros if the key is 0. */
  private static Tensor tensor(HostMemory memory, int key) {
    int stride = Tensor.strideFor(POSITIONS);
    float[] values = new float[SIZE * stride];
    for (int i = 0; i < values.length && key > 0; i++) {
      values[i] = (Keys.hash(key, i) >> 40) * 0x1p-23f;
    }
    return new Tensor(memory.of(values), 0, SIZE, POSITIONS, stride);
  }
}
