/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The examples in the docs compile and run. */
class ExamplesTest {

  @TempDir private Path folder;

  static List<Path> examples() throws Exception {
    try (Stream<Path> files = Files.list(root().resolve("docs/examples"))) {
      List<Path> found = files.filter(file -> file.toString().endsWith(".java")).sorted().toList();
      assertTrue(found.size() >= 2, found.toString());
      return found;
    }
  }

  private static Path root() {
    Path place = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(place.resolve(".mvn"))) {
      place = place.getParent();
    }
    return place;
  }

  @ParameterizedTest
  @MethodSource("examples")
  void compilesAndRuns(Path source) throws Exception {
    String classPath = System.getProperty("java.class.path");
    int compiled =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, "-cp", classPath, "-d", folder.toString(), source.toString());
    assertEquals(0, compiled);
    Path log = folder.resolve("log");
    String name = source.getFileName().toString().replace(".java", "");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules",
                "jdk.incubator.vector",
                "-cp",
                folder + System.getProperty("path.separator") + classPath,
                name)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    assertEquals(0, process.waitFor(), Files.readString(log));
    String accuracy = Files.readString(log).strip().lines().reduce((a, b) -> b).orElseThrow();
    assertTrue(Double.parseDouble(accuracy.replaceAll(".*[ :]([0-9.]+).*", "$1")) > 0.75, accuracy);
  }
}
