/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs the command, in this JVM or in one of its own. */
final class Cli {

  /** What a command left: exit code, output, errors. */
  record Result(int code, String out, String err) {}

  private Cli() {}

  static Result run(String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code = Main.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
    return new Result(code, out.toString(), err.toString());
  }

  /** Starts the command in a JVM with the flags of this one; output goes to a file. */
  static Process start(Path log, List<String> jvmFlags, String... args) throws IOException {
    List<String> flags = new ArrayList<>();
    for (String flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      if (flag.startsWith("--add-modules") || flag.startsWith("-XX:ObjectAlignment")) {
        flags.add(flag);
      }
    }
    flags.addAll(jvmFlags);
    return startWithOnly(log, flags, args);
  }

  /**
   * Starts a training in a JVM of its own and waits until it has written some lines of metrics.
   *
   * @param run folder that the training makes
   */
  static Process startAndWaitForEpochs(Path log, Path run, String... args) throws Exception {
    Process process = start(log, List.of(), args);
    Path metrics = run.resolve("metrics.jsonl");
    while (process.isAlive()
        && !(Files.exists(metrics)
            && Files.readString(metrics).lines().filter(l -> l.contains("\"epoch\"")).count()
                > 8)) {
      Thread.sleep(5);
    }
    assertTrue(process.isAlive(), "the run was over before it could be killed");
    return process;
  }

  /** Starts the command in a JVM with no other flags than these; output goes to a file. */
  static Process startWithOnly(Path log, List<String> jvmFlags, String... args) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvmFlags);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(List.of(args));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start();
  }
}
