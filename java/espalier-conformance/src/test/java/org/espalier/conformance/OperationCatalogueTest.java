/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.espalier.backend.Backend;
import org.espalier.backend.scalar.ScalarBackend;
import org.junit.jupiter.api.Test;

class OperationCatalogueTest {

  @Test
  void theOracleAgreesWithItselfOnEveryCase() {
    List<String> failures = new ArrayList<>();
    try (Backend oracle = new ScalarBackend();
        Backend again = new ScalarBackend()) {
      for (OperationCase operationCase : OperationCatalogue.small()) {
        CheckResult result = Conformance.checkSameBits(again, oracle, operationCase);
        if (!result.passed()) {
          failures.add(result.toString());
        }
      }
      assertEquals(List.of(), failures);
      assertEquals(0, oracle.memory().liveBuffers() + again.memory().liveBuffers());
    }
  }

  /** NaN marks what must not be read, so only cases that feed NaN on purpose may return it. */
  @Test
  void theOracleReturnsNumbersUnlessItIsGivenNaN() {
    try (Backend oracle = new ScalarBackend()) {
      for (OperationCase operationCase : OperationCatalogue.small()) {
        boolean fedNaN = operationCase.parameters().contains("NaN");
        try (PreparedCase prepared = operationCase.prepare(oracle)) {
          prepared.run();
          boolean finite =
              prepared.outputs().stream()
                  .flatMapToDouble(output -> Arrays.stream(output.values()))
                  .allMatch(Double::isFinite);
          assertEquals(!fedNaN, finite, operationCase.name());
        }
      }
    }
  }

  @Test
  void everyMethodOfEveryFamilyIsCalledByItsCases() {
    Set<String> missing = new TreeSet<>();
    for (Class<?> family : InterceptedBackend.FAMILIES) {
      for (Method method : family.getDeclaredMethods()) {
        if (!method.isSynthetic() && !method.isDefault()) { // defaults are made of the others
          missing.add(method.getName());
        }
      }
    }
    Set<String> seen = new HashSet<>();
    Backend recorder =
        InterceptedBackend.of(
            new ScalarBackend(),
            call -> {
              seen.add(call.method().getName());
              return call.proceed(call.arguments());
            });
    for (OperationCase operationCase : OperationCatalogue.small()) {
      try (PreparedCase prepared = operationCase.prepare(recorder)) {
        seen.clear();
        prepared.run();
        assertEquals(Set.of(operationCase.operation()), seen, operationCase.name());
        missing.removeAll(seen);
      }
    }
    assertEquals(Set.of(), missing);
  }

  @Test
  void everyOperationIsTimed() {
    Set<String> timed = new TreeSet<>();
    OperationCatalogue.benchmarks().forEach(timedCase -> timed.add(timedCase.operation()));
    Set<String> all = new TreeSet<>();
    OperationCatalogue.all().forEach(anyCase -> all.add(anyCase.operation()));
    all.removeAll(timed);
    assertEquals(Set.of(), all);
  }

  @Test
  void namesAreDistinct() {
    Set<String> names = new HashSet<>();
    for (OperationCase operationCase : OperationCatalogue.all()) {
      assertTrue(names.add(operationCase.name()), operationCase.name());
    }
  }

  @Test
  void timedCasesSayWhatTheyCost() {
    for (OperationCase operationCase : OperationCatalogue.benchmarks()) {
      assertTrue(operationCase.bytes() > 0, operationCase.name());
      assertTrue(operationCase.flops() >= 0, operationCase.name());
    }
  }

  @Test
  void timedCasesCanRunAgainAndAgain() {
    try (Backend backend = new ScalarBackend()) {
      for (OperationCase operationCase : OperationCatalogue.benchmarks()) {
        if (operationCase.flops() < 10_000_000) {
          try (PreparedCase prepared = operationCase.prepare(backend)) {
            prepared.run();
            prepared.run();
            prepared.run();
            for (Output output : prepared.outputs()) {
              for (double value : output.values()) {
                assertTrue(Double.isFinite(value), operationCase.name());
              }
            }
          }
        }
      }
      assertEquals(0, backend.memory().liveBuffers());
    }
  }
}
