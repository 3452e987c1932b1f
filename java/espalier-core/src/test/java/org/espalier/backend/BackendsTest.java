/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.espalier.UserException;
import org.junit.jupiter.api.Test;

/** The class path of this module has the portable and the scalar backend, and no other. */
class BackendsTest {

  @Test
  void autoTakesThePortableBackendWhenThereIsNoBetterOne() {
    try (Backend backend = Backends.best()) {
      assertEquals("cpu-portable", backend.name());
    }
  }

  @Test
  void theReferenceIsTheLastChoice() {
    var names = Backends.providers().stream().map(BackendProvider::name).toList();
    assertEquals("cpu-scalar", names.get(names.size() - 1));
  }

  @Test
  void aBackendIsOpenedByItsName() {
    try (Backend backend = Backends.open("cpu-scalar", 1)) {
      assertEquals("cpu-scalar", backend.name());
    }
  }

  @Test
  void anUnknownNameIsToldTheKnownOnes() {
    UserException refused = assertThrows(UserException.class, () -> Backends.open("gpu", 1));
    assertTrue(
        refused.getMessage().endsWith("expected one of: auto, cpu-portable, cpu-scalar."),
        refused.getMessage());
  }

  @Test
  void noThreadsAreRefused() {
    assertThrows(UserException.class, () -> Backends.open("auto", 0));
  }
}
