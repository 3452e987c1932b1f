/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cuda.vendor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.espalier.UserException;
import org.espalier.cuda.EmulatedBackendProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is missing is told with its fix, and nothing that lies about is trusted. */
class CusparseLibraryTest {

  private static final String COPY = "libJCusparse-12.6.0-linux-x86_64.so";

  @TempDir private Path folder;

  /** Runs {@link CusparseProbe} without the jars whose names contain a word. */
  private String probe(String argument, String without) throws Exception {
    String classPath =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(
                entry ->
                    without.isEmpty() || !Path.of(entry).getFileName().toString().contains(without))
            .collect(Collectors.joining(File.pathSeparator));
    Path output = Files.createTempFile("probe", ".txt");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-Djava.io.tmpdir=" + folder));
    command.addAll(List.of("-cp", classPath, CusparseProbe.class.getName(), argument));
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(output.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    assertEquals(0, process.waitFor());
    String text = Files.readString(output).strip();
    Files.delete(output);
    return text;
  }

  private List<String> left() throws IOException {
    try (var files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.startsWith("hsperfdata"))
          .toList();
    }
  }

  @Test
  void aMissingCusparseIsTheSameSentenceEveryTime() throws Exception {
    List<String> told = probe("library", "").lines().toList();
    assertEquals(2, told.size());
    assertEquals(told.get(0), told.get(1));
    assertEquals(List.of(), left());
    assumeTrue(!told.get(0).equals("works"), "cuSPARSE is installed here");
    assertEquals(
        "libcusparse.so.12 was not found; install cuSPARSE, a part of the CUDA toolkit 12 or 13,"
            + " or put its folder into LD_LIBRARY_PATH",
        told.get(0));
  }

  @Test
  void nativesThatAreNotOnTheClassPath() throws Exception {
    String told = probe("library", "jcusparse-natives").lines().findFirst().orElseThrow();
    assertEquals(
        "JCusparse's library for this platform is not on the class path; on Linux (x86-64),"
            + " add org.jcuda:jcusparse-natives:12.6.0 with classifier linux-x86_64",
        told);
  }

  @Test
  void withoutJcudaOnlyTheBackendThatNeedsItRefuses() throws Exception {
    String told = probe("library", "jcu").lines().findFirst().orElseThrow();
    assertTrue(told.startsWith("the classes of JCuda are not there"), told);
    String refusal = probe("backend", "jcu");
    assertTrue(refusal.equals(told) || refusal.startsWith("it needs backend cuda, and "), refusal);
  }

  @Test
  void aCopyThatAnotherProgramLeftIsNotUsed() throws Exception {
    assumeTrue(new EmulatedBackendProvider().refusal().isEmpty(), "the emulator was not built");
    Files.writeString(folder.resolve(COPY), "of another version");
    assertEquals("works", probe("stub", ""));
    assertEquals("of another version", Files.readString(folder.resolve(COPY)));
    assertEquals(List.of(COPY), left());
  }

  @Test
  void otherFailuresToLoadKeepTheirReason() {
    assertEquals(
        "libnvJitLink.so.12 was not found",
        reason("/x/libJ.so: libnvJitLink.so.12: cannot open shared object file: No such file"));
    assertEquals(
        "JCusparse cannot be loaded (undefined symbol: x)", reason("undefined symbol: x\nmore"));
    assertTrue(
        CusparseLibrary.refusalOf(
                () -> {
                  throw new IOException("No space left on device");
                })
            .orElseThrow()
            .reason()
            .contains("No space left on device"));
  }

  private static String reason(String message) {
    return CusparseLibrary.refusalOf(
            () -> {
              throw new UnsatisfiedLinkError(message);
            })
        .orElseThrow()
        .reason();
  }

  @Test
  void anAlgorithmThatDoesNotExist() {
    assertEquals(SpmmAlgorithm.CSR_ALG3, SpmmAlgorithm.of("csr-alg3"));
    assertEquals(SpmmAlgorithm.CSR_ALG2, SpmmAlgorithm.of(""));
    UserException told = assertThrows(UserException.class, () -> SpmmAlgorithm.of("alg9"));
    assertEquals(
        "ESPALIER_CUSPARSE_SPMM is 'alg9'; expected one of: csr-alg2, csr-alg3.",
        told.getMessage());
  }
}
