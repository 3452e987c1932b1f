/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.espalier.backend.Backend;
import org.espalier.backend.BackendProvider;
import org.espalier.backend.BackendProvider.Refusal;
import org.espalier.backend.Backends;
import org.junit.jupiter.api.Test;

class VectorBackendProviderTest {

  private static final String SERVER = "OpenJDK 64-Bit Server VM";
  private static final IntSupplier NEVER_ASKED =
      () -> {
        throw new AssertionError("the Vector API was touched");
      };

  @Test
  void autoTakesTheVectorBackendWhenTheModuleIsThere() {
    try (Backend backend = Backends.best()) {
      assertEquals("cpu", backend.name());
      assertTrue(backend.description().matches(".*(256|512)-bit.*"), backend.description());
    }
  }

  @Test
  void aMissingModuleIsNamedWithItsOption() {
    Refusal refusal =
        new VectorSupport(true, false, SERVER, "mixed mode", NEVER_ASKED).refusal().orElseThrow();
    assertTrue(refusal.reason().contains("jdk.incubator.vector"));
    assertTrue(refusal.fix().contains("--add-modules jdk.incubator.vector"));
  }

  @Test
  void aJavaWithoutTheModuleGetsNoAdviceThatWouldStopIt() {
    Refusal refusal =
        new VectorSupport(false, false, SERVER, "mixed mode", NEVER_ASKED).refusal().orElseThrow();
    assertTrue(refusal.reason().contains("jdk.incubator.vector"));
    assertFalse(refusal.fix().contains("--add-modules"), refusal.fix());
  }

  @Test
  void anInterpreterIsRefused() {
    Refusal refusal =
        new VectorSupport(true, true, SERVER, "interpreted mode, sharing", NEVER_ASKED)
            .refusal()
            .orElseThrow();
    assertTrue(refusal.reason().contains("interprets"));
    assertTrue(refusal.fix().contains("-Xint"));
  }

  @Test
  void aJvmWithoutC2IsRefused() {
    assertTrue(
        new VectorSupport(true, true, SERVER, "mixed mode, emulated-client, sharing", NEVER_ASKED)
            .refusal()
            .orElseThrow()
            .reason()
            .contains("C2"));
    assertTrue(
        new VectorSupport(true, true, "OpenJDK Client VM", "mixed mode", NEVER_ASKED)
            .refusal()
            .isPresent());
  }

  @Test
  void narrowRegistersAreRefused() {
    Refusal refusal =
        new VectorSupport(true, true, SERVER, "mixed mode", () -> 128).refusal().orElseThrow();
    assertTrue(refusal.reason().contains("128 bits"));
    assertEquals(
        Optional.empty(), new VectorSupport(true, true, SERVER, "mixed mode", () -> 256).refusal());
  }

  @Test
  void withoutTheModuleAJvmGetsARefusalAndNoError() throws IOException, InterruptedException {
    assertTrue(refusalInNewJvm().startsWith("refused: module jdk.incubator.vector"));
  }

  @Test
  void anInterpretingJvmGetsARefusal() throws IOException, InterruptedException {
    assertTrue(
        refusalInNewJvm("--add-modules", "jdk.incubator.vector", "-Xint")
            .contains("refused: the JVM only interprets"));
  }

  /** Prints what the provider says in a JVM of its own. */
  static final class Main {

    private Main() {}

    public static void main(String[] arguments) {
      BackendProvider provider = new VectorBackendProvider();
      System.out.println(
          provider.refusal().map(refusal -> "refused: " + refusal.reason()).orElse("accepted"));
    }
  }

  private static String refusalInNewJvm(String... options)
      throws IOException, InterruptedException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options));
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(Main.class.getName());
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    try (InputStream output = process.getInputStream()) {
      String said = new String(output.readAllBytes(), StandardCharsets.UTF_8);
      assertTrue(process.waitFor(60, TimeUnit.SECONDS));
      assertEquals(0, process.exitValue(), said);
      return said;
    }
  }
}
