/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.espalier.backend.Backend;
import org.espalier.backend.portable.PortableBackendProvider;
import org.espalier.backend.scalar.ScalarBackend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PortableConformanceTest {

  @Test
  void agreesWithTheOracleOnTheWholeCatalogue() {
    List<String> failures = new ArrayList<>();
    try (Backend candidate = new PortableBackendProvider().create(1);
        Backend oracle = new ScalarBackend()) {
      for (OperationCase operationCase : OperationCatalogue.all()) {
        note(failures, Conformance.check(candidate, oracle, operationCase));
      }
    }
    assertEquals(List.of(), failures);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void theNumberOfThreadsDoesNotChangeABit(int threads) {
    List<String> failures = new ArrayList<>();
    try (Backend one = new PortableBackendProvider().create(1);
        Backend several = new PortableBackendProvider().create(threads)) {
      for (OperationCase operationCase : OperationCatalogue.all()) {
        note(failures, Conformance.checkSameBits(several, one, operationCase));
      }
    }
    assertEquals(List.of(), failures);
  }

  private static void note(List<String> failures, CheckResult result) {
    if (!result.passed()) {
      failures.add(result.toString());
    }
  }
}
