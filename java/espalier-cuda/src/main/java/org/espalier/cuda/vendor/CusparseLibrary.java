/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cuda.vendor;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jcuda.JCudaVersion;
import jcuda.LibUtils;
import jcuda.jcusparse.JCusparse;
import org.espalier.backend.BackendProvider.Refusal;

/**
 * Loads JCusparse and, through it, cuSPARSE; once in a process.
 *
 * <p>JCuda's own loader unpacks its JNI library to a fixed name in {@code java.io.tmpdir}, where it
 * trusts any file that is already there, an older version's or somebody else's, and leaves its own
 * behind. So the library is unpacked here, into a folder that is this process's alone, loaded, and
 * shown to that loader as the temporary folder; then the folder goes. A copy that the user puts on
 * {@code java.library.path} still comes first, as JCuda documents.
 */
final class CusparseLibrary {

  private static final String TEMPORARY = "java.io.tmpdir";

  /** What the dynamic linker says of a library it does not find. */
  private static final Pattern NOT_FOUND =
      Pattern.compile("(lib[\\w.+-]+\\.so[.\\d]*): cannot open shared object file");

  private CusparseLibrary() {}

  /** The JVM keeps what a first try at the classes of JCusparse came to; so does this. */
  private static final class FirstTry {

    static final Optional<Refusal> REFUSAL = refusalOf(CusparseLibrary::load);
  }

  /** How to load it. */
  @FunctionalInterface
  interface Loading {

    /** Loads it; fails with a {@link LinkageError} if it is not there. */
    void run() throws IOException;
  }

  /** Returns why cuSPARSE cannot be used, or empty if it can; never fails. */
  static Optional<Refusal> refusal() {
    return FirstTry.REFUSAL;
  }

  /** Returns a failure to load as a sentence with its fix. */
  static Optional<Refusal> refusalOf(Loading loading) {
    try {
      loading.run();
      return Optional.empty();
    } catch (NoClassDefFoundError missing) {
      return Optional.of(
          new Refusal(
              "the classes of JCuda are not there (" + missing.getMessage() + ")",
              "add org.jcuda:jcuda and org.jcuda:jcusparse 12.6.0 to the class path"));
    } catch (LinkageError missing) {
      return Optional.of(refusal(String.valueOf(missing.getMessage())));
    } catch (IOException failure) {
      return Optional.of(
          new Refusal(
              "JCusparse's library cannot be unpacked (" + failure + ")",
              "give the folder for temporary files some room, or name another: -D" + TEMPORARY));
    }
  }

  private static Refusal refusal(String message) {
    Matcher missing = NOT_FOUND.matcher(message);
    if (missing.find()) {
      return new Refusal(
          missing.group(1) + " was not found",
          "install cuSPARSE, a part of the CUDA toolkit 12 or 13, or put its folder into LD_LIBRARY_PATH");
    }
    if (message.contains("No resource found")) {
      return new Refusal(
          "JCusparse's library for this platform is not on the class path",
          "on Linux (x86-64), add org.jcuda:jcusparse-natives:12.6.0 with classifier linux-x86_64");
    }
    return new Refusal(
        "JCusparse cannot be loaded ("
            + message.lines().findFirst().orElse("no reason given")
            + ")",
        "use a CUDA toolkit of version 12 or 13");
  }

  private static void load() throws IOException {
    String before = System.getProperty(TEMPORARY);
    Path folder = Files.createTempDirectory("espalier-jcusparse");
    try {
      unpackAndLoad(folder);
      System.setProperty(TEMPORARY, folder.toString());
      JCusparse.initialize();
      JCusparse.setExceptionsEnabled(true);
    } finally {
      System.setProperty(TEMPORARY, before);
      remove(folder);
    }
  }

  /**
   * Loads the library here first: where cuSPARSE is missing that fails with the linker's reason,
   * and without it JCusparse's classes are not touched at all.
   */
  private static void unpackAndLoad(Path folder) throws IOException {
    String library =
        LibUtils.createLibraryFileName(
            LibUtils.createPlatformLibraryName("JCusparse-" + JCudaVersion.get()));
    try (InputStream packaged = JCusparse.class.getResourceAsStream("/lib/" + library)) {
      if (packaged != null) { // else it may be on java.library.path
        Path copy = folder.resolve(library);
        Files.copy(packaged, copy);
        System.load(copy.toString());
      }
    }
  }

  private static void remove(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }
}
