/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.PrintStream;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.espalier.UserException;
import org.espalier.benchmarks.VersusRounds.Round;
import org.junit.jupiter.api.Test;

/** Versions are loaded from this test's own class path. */
class LoadedBenchmarkTest {

  private static final String RUN = "OperationBenchmark.run";
  private static final String SCALAR = "cpu-scalar";

  private static List<URL> classPath() throws MalformedURLException {
    List<URL> path = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      path.add(Path.of(entry).toUri().toURL());
    }
    return path;
  }

  private static Map<String, String> operation(int rows) {
    return Map.of(
        "operationCase",
        "gemm %dx1000 n=40 bias".formatted(rows),
        "backend",
        SCALAR,
        "backendThreads",
        "1");
  }

  @Test
  void twoVersionsRunInTurns() throws Throwable {
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    try (LoadedBenchmark one = new LoadedBenchmark(classPath(), RUN, operation(10));
        LoadedBenchmark other = new LoadedBenchmark(classPath(), RUN, operation(10))) {
      VersusRounds.run(one, other, 2, new PrintStream(lines, true, StandardCharsets.UTF_8));
    }
    List<Round> rounds = lines.toString(StandardCharsets.UTF_8).lines().map(Round::of).toList();
    assertEquals(2, rounds.size());
    for (Round round : rounds) {
      assertTrue(round.before() > 0 && round.now() > 0, round.toString());
    }
  }

  @Test
  void tellsWhatThereIsNot() {
    assertWrong(
        "There is no benchmark OperationBenchmark.runn; expected OperationBenchmark.run.",
        "OperationBenchmark.runn",
        Map.of());
    assertWrong(
        "OperationBenchmark.run has no parameter 'backends', did you mean 'backend'?"
            + " It has operationCase, backend, backendThreads.",
        RUN,
        Map.of("backends", SCALAR));
    assertWrong(
        "backendThreads is 'two'; expected a whole number.", RUN, Map.of("backendThreads", "two"));
    assertWrong("There is no case named 'gemm 11x1000 n=40 bias'.", RUN, operation(11));
  }

  private static void assertWrong(String message, String name, Map<String, String> params) {
    UserException failure =
        assertThrows(
            UserException.class, () -> new LoadedBenchmark(classPath(), name, params).close());
    assertEquals(message, failure.getMessage());
  }
}
