/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.espalier.UserException;
import org.espalier.backend.Backend;
import org.espalier.backend.BackendProvider;
import org.espalier.backend.BackendProvider.Refusal;
import org.espalier.backend.Backends;
import org.junit.jupiter.api.Test;

class ProvidersTest {

  private static BackendProvider provider(String name) {
    return Backends.providers().stream()
        .filter(each -> each.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void cudaIsTheFirstChoiceAndTheEmulatorNone() {
    var providers = Backends.providers();
    assertEquals("cuda", providers.get(0).name());
    BackendProvider last = providers.get(providers.size() - 1);
    assertEquals("cuda-emulated", last.name());
    assertTrue(last.forTestsOnly());
    try (Backend best = Backends.best()) {
      assertNotEquals("cuda-emulated", best.name());
    }
  }

  /** On a machine with a device there is nothing to refuse; elsewhere the reason has words. */
  @Test
  void cudaIsUsableOrToldWhyNotAndNeverReplaced() {
    Optional<Refusal> refusal = provider("cuda").refusal();
    if (refusal.isEmpty()) {
      try (Backend backend = Backends.open("cuda", 1)) {
        assertEquals("cuda", backend.name());
      }
      return;
    }
    assertTrue(refusal.get().reason().length() > 10, refusal.get().reason());
    assertTrue(refusal.get().fix().length() > 10, refusal.get().fix());
    UserException told = assertThrows(UserException.class, () -> Backends.open("cuda", 1));
    assertTrue(told.getMessage().startsWith("Backend 'cuda' cannot be used here: "));
    assertThrows(UserException.class, () -> provider("cuda").create(1));
  }

  @Test
  void aLibraryThatWasNotBuiltIsARefusalWithItsFix() {
    Refusal refusal = new LibraryCheck("espalier_nothing", "build it").refusal().orElseThrow();
    assertEquals("build it", refusal.fix());
    assertTrue(refusal.reason().contains("not built"), refusal.reason());
    UserException told =
        assertThrows(
            UserException.class,
            () -> new LibraryCheck("espalier_nothing", "build it").open("x", 1));
    assertTrue(
        told.getMessage().startsWith("Backend 'x' cannot be used here: "), told.getMessage());
    assertTrue(told.getMessage().endsWith("build it."), told.getMessage());
  }

  @Test
  void aDeviceThatIsNotThereIsARefusal() {
    Emulated.library();
    System.setProperty("espalier.cuda.device", "7");
    try {
      Refusal refusal = provider("cuda-emulated").refusal().orElseThrow();
      assertEquals("there is no device 7, only 1", refusal.reason());
      assertTrue(refusal.fix().contains("ESPALIER_CUDA_DEVICE"), refusal.fix());
      System.setProperty("espalier.cuda.device", "seven");
      assertTrue(provider("cuda-emulated").refusal().orElseThrow().reason().contains("'seven'"));
    } finally {
      System.clearProperty("espalier.cuda.device");
    }
  }

  @Test
  void theEmulatorSaysWhatItIs() {
    try (Backend backend = Emulated.open()) {
      assertEquals("cuda-emulated", backend.name());
      assertTrue(backend.description().contains("emulated"), backend.description());
    }
  }
}
