/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.benchmarks;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class BenchmarkListTest {

  /** Without its annotation processor JMH silently finds nothing to run. */
  @Test
  void theAnnotationProcessorFoundEveryBenchmark() throws IOException {
    try (InputStream list =
        OperationBenchmark.class.getResourceAsStream("/META-INF/BenchmarkList")) {
      assertNotNull(list, "JMH's annotation processor did not run");
      String text = new String(list.readAllBytes(), StandardCharsets.UTF_8);
      assertTrue(text.contains("OperationBenchmark"), text);
      assertTrue(text.contains("RooflineProbe"), text);
      assertTrue(text.contains("ImageBenchmark"), text);
      assertTrue(text.contains(".StepBenchmark"), text);
      assertTrue(text.contains("ConvolutionStepBenchmark"), text);
    }
  }
}
