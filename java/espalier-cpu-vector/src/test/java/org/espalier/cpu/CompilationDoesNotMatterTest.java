/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32;
import org.espalier.backend.Backend;
import org.espalier.conformance.OperationCase;
import org.espalier.conformance.OperationCatalogue;
import org.espalier.conformance.Output;
import org.espalier.conformance.PreparedCase;
import org.junit.jupiter.api.Test;

/**
 * A run must not depend on when the compiler gets to a method, so interpreted and compiled code
 * have to give the same bits.
 */
class CompilationDoesNotMatterTest {

  /** Prints a checksum of the results of every case that an interpreter can do in no time. */
  static final class Main {

    private Main() {}

    public static void main(String[] arguments) {
      int repeats = Integer.parseInt(arguments[0]);
      try (Backend backend = new VectorBackend(1)) {
        for (OperationCase operationCase : OperationCatalogue.small()) {
          if (operationCase.bytes() < 4_000 && operationCase.flops() < 8_000) {
            long checksum = 0;
            for (int i = 0; i < repeats; i++) {
              checksum = checksum(backend, operationCase);
            }
            System.out.println(operationCase.name() + " " + checksum);
          }
        }
      }
    }

    private static long checksum(Backend backend, OperationCase operationCase) {
      CRC32 checksum = new CRC32();
      try (PreparedCase prepared = operationCase.prepare(backend)) {
        prepared.run();
        for (Output output : prepared.outputs()) {
          for (double value : output.values()) {
            checksum.update(Double.toString(value).getBytes(StandardCharsets.UTF_8));
          }
        }
      }
      return checksum.getValue();
    }
  }

  @Test
  void interpretedAndCompiledCodeGiveTheSameBits() throws IOException, InterruptedException {
    List<String> interpreted = checksums("-Xint", "1");
    List<String> compiled = checksums("-Xbatch", "40");
    assertEquals(true, interpreted.size() > 20, interpreted.toString());
    assertEquals(interpreted, compiled);
  }

  private static List<String> checksums(String option, String repeats)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules",
                "jdk.incubator.vector",
                option,
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                repeats)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), said);
    return said.lines().toList();
  }
}
