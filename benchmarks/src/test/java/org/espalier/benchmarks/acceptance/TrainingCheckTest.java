/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.benchmarks.acceptance;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingCheckTest {

  @Test
  void anotherBackendOfTheSameMachinePasses(@TempDir Path folder) throws IOException {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(text, true, StandardCharsets.UTF_8);
    TrainingCheck check =
        new TrainingCheck(folder, List.of("network.hidden=[30]", "training.epochs=1"));
    boolean passed = check.run("cpu-portable", out);
    String report = text.toString(StandardCharsets.UTF_8);
    assertTrue(passed, report);
    assertTrue(report.contains("losses of the first 50 steps"), report);
    assertTrue(report.contains("leave the same bits: passed"), report);
  }
}
