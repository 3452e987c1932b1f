/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.espalier.backend.Backend;
import org.espalier.backend.scalar.ScalarBackend;
import org.espalier.conformance.CheckResult;
import org.espalier.conformance.Conformance;
import org.espalier.conformance.OperationCase;
import org.espalier.conformance.OperationCatalogue;
import org.junit.jupiter.api.Test;

class VectorConformanceTest {

  @Test
  void agreesWithTheOracleOnTheWholeCatalogue() {
    List<String> failures = new ArrayList<>();
    try (Backend candidate = new VectorBackendProvider().create(2);
        Backend oracle = new ScalarBackend()) {
      for (OperationCase operationCase : OperationCatalogue.all()) {
        note(failures, Conformance.check(candidate, oracle, operationCase));
      }
    }
    assertEquals(List.of(), failures);
  }

  @Test
  void theNumberOfThreadsDoesNotChangeABit() {
    List<String> failures = new ArrayList<>();
    try (Backend one = new VectorBackendProvider().create(1);
        Backend three = new VectorBackendProvider().create(3)) {
      for (OperationCase operationCase : OperationCatalogue.all()) {
        note(failures, Conformance.checkSameBits(three, one, operationCase));
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
