/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cuda.vendor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.espalier.cuda.EmulatedBackendProvider;
import org.espalier.cuda.interop.SharingBackend;

/**
 * The backend on the emulator, with the stub of {@code src/test/native} in place of cuSPARSE; tests
 * that need it are skipped, with the reason, where it cannot be built.
 */
final class CusparseStub {

  private static final Path SOURCES = Path.of("src", "test", "native");

  private CusparseStub() {}

  /** Loads the stub once, before anybody asks for cuSPARSE. */
  private static final class Loaded {

    static final Optional<String> WHY_NOT = load();

    private static Optional<String> load() {
      try {
        Path library = Files.createTempDirectory("cusparse-stub").resolve("libcusparse.so.12");
        compile(library);
        System.load(library.toString());
        Files.delete(library);
        Files.delete(library.getParent());
        return Optional.empty();
      } catch (IOException noCompiler) {
        return Optional.of("g++ is not here: " + noCompiler.getMessage());
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
        return Optional.of("compiling the stub was interrupted");
      }
    }
  }

  static CusparseBackend open(SpmmAlgorithm algorithm) {
    EmulatedBackendProvider emulated = new EmulatedBackendProvider();
    emulated.refusal().ifPresent(refusal -> assumeTrue(false, refusal.reason()));
    Loaded.WHY_NOT.ifPresent(reason -> assumeTrue(false, reason));
    assertEquals(Optional.empty(), CusparseLibrary.refusal());
    return new CusparseBackend("cusparse", (SharingBackend) emulated.create(2), algorithm);
  }

  private static void compile(Path library) throws IOException, InterruptedException {
    Process compiler =
        new ProcessBuilder(
                "g++",
                "-std=c++17",
                "-O2",
                "-Wall",
                "-Wextra",
                "-shared",
                "-fPIC",
                "-Wl,-soname,libcusparse.so.12",
                "-Wl,--version-script," + SOURCES.resolve("cusparse_stub.map"),
                "-o",
                library.toString(),
                SOURCES.resolve("cusparse_stub.cpp").toString())
            .inheritIO()
            .start();
    assertEquals(0, compiler.waitFor(), "compiling the stub");
  }
}
