/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cuda.nativeapi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.espalier.UserException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Libraries that are missing or wrong are reasons, never crashes. */
class NativeLibraryTest {

  @TempDir private Path folder;

  @BeforeEach
  void needsTheJniLibrary() {
    String resource = "linux-x86_64/libjniespalier.so";
    assumeTrue(NativeLibrary.class.getResource(resource) != null, "jniespalier was not built");
  }

  private static String reason(Path library) {
    return assertThrows(MissingLibraryException.class, () -> NativeLibrary.load(library))
        .getMessage();
  }

  @Test
  void aFileThatIsNotThereOrNoLibrary() throws IOException {
    Path missing = folder.resolve("libmissing.so");
    assertTrue(reason(missing).startsWith(missing + " cannot be used: "), reason(missing));
    Path text = Files.writeString(folder.resolve("libtext.so"), "not a library");
    assertTrue(reason(text).contains("cannot be used"), reason(text));
  }

  @Test
  void anotherVersionOfTheInterface() throws IOException, InterruptedException {
    Path old = compile("libold.so", "extern \"C\" int esp_abi_version() { return 999; }");
    assertEquals(old + " cannot be used: its interface has version 999, expected 4", reason(old));
  }

  @Test
  void aLibraryWithoutTheFunctions() throws IOException, InterruptedException {
    Path stranger = compile("libstranger.so", "extern \"C\" int something_else() { return 0; }");
    assertEquals(
        stranger + " cannot be used: it has no function esp_abi_version", reason(stranger));
    Path partial = compile("libpartial.so", "extern \"C\" int esp_abi_version() { return 4; }");
    assertEquals(partial + " cannot be used: it has no function esp_last_error", reason(partial));
  }

  @Test
  void theFolderOfThePropertyComesFirst() throws IOException {
    Files.writeString(folder.resolve("libespalier_emulated.so"), "not a library");
    System.setProperty(NativeLibrary.PATH_PROPERTY, folder.toString());
    try {
      String reason =
          assertThrows(MissingLibraryException.class, () -> NativeLibrary.find("espalier_emulated"))
              .getMessage();
      assertTrue(reason.startsWith(folder.toString()), reason);
    } finally {
      System.clearProperty(NativeLibrary.PATH_PROPERTY);
    }
  }

  @Test
  void failuresBecomeSentencesWithTheFix() {
    RuntimeException fault =
        new NativeFailure(NativeStatus.DEVICE_FAULT, "An illegal access in spmm.").explained("l1");
    assertTrue(fault instanceof UserException);
    assertEquals(
        "An illegal access in spmm (working on 'l1'); set ESPALIER_CUDA_CHECK=1 to learn which operation it was, and report it.",
        fault.getMessage());
    assertTrue(
        new NativeFailure(NativeStatus.BAD_ARGUMENT, "x.").explained("")
            instanceof IllegalArgumentException);
    assertTrue(
        new NativeFailure(NativeStatus.of(77), "x.").explained("")
            instanceof IllegalStateException);
  }

  private Path compile(String name, String source) throws IOException, InterruptedException {
    Path code = Files.writeString(folder.resolve(name + ".cpp"), source);
    Path library = folder.resolve(name);
    try {
      Process compiler =
          new ProcessBuilder("g++", "-shared", "-fPIC", "-o", library.toString(), code.toString())
              .inheritIO()
              .start();
      assertEquals(0, compiler.waitFor());
    } catch (IOException noCompiler) {
      assumeTrue(false, "g++ is not here: " + noCompiler.getMessage());
    }
    return library;
  }
}
