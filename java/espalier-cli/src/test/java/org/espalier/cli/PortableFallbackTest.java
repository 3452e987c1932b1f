/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Java started without the module of the fast backend: everything works, and the user is told. */
@Timeout(120)
class PortableFallbackTest {

  @TempDir private Path folder;

  private List<String> run(int expectedCode, String... args) throws Exception {
    Path log = folder.resolve("log");
    Process process = Cli.startWithOnly(log, List.of(), args);
    int code = process.waitFor();
    List<String> lines = Files.readAllLines(log);
    assertEquals(expectedCode, code, lines.toString());
    return lines;
  }

  @Test
  void trainsAndSaysInOneLineWhyItIsSlower() throws Exception {
    Path run = folder.resolve("run");
    List<String> lines =
        run(
            0,
            "train",
            "set-mlp",
            "--epochs",
            "2",
            "--set",
            "network.hidden=[60,40]",
            "--out",
            run.toString());
    List<String> told = lines.stream().filter(line -> line.contains("slower")).toList();
    assertEquals(1, told.size(), lines.toString());
    assertTrue(told.get(0).contains("cpu-portable"), told.get(0));
    assertTrue(told.get(0).contains("jdk.incubator.vector is not readable"), told.get(0));
    assertTrue(told.get(0).contains("--add-modules jdk.incubator.vector"), told.get(0));
    assertTrue(Files.readString(run.resolve("summary.json")).contains("cpu-portable"));
  }

  @Test
  void theFastBackendIsNotReplacedWhenItWasAskedForByName() throws Exception {
    List<String> lines = run(2, "train", "set-mlp", "--backend", "cpu");
    assertEquals(1, lines.size(), lines.toString());
    assertTrue(lines.get(0).contains("Backend 'cpu' cannot be used here"), lines.get(0));
  }

  @Test
  void thePortableBackendAskedForByNameGivesNoWarning() throws Exception {
    Path run = folder.resolve("run");
    List<String> lines =
        run(
            0,
            "train",
            "set-mlp",
            "--epochs",
            "1",
            "--set",
            "network.hidden=[60,40]",
            "--backend",
            "cpu-portable",
            "--out",
            run.toString());
    assertTrue(lines.stream().noneMatch(line -> line.contains("WARN")), lines.toString());
  }

  @Test
  void doctorNamesWhatIsTakenAndWhatWouldBeFaster() throws Exception {
    List<String> lines = run(0, "doctor");
    assertTrue(lines.contains("auto          cpu-portable, slower than cpu"), lines.toString());
    assertTrue(
        lines.stream().anyMatch(line -> line.contains("fix: start java with --add-modules")),
        lines.toString());
  }
}
