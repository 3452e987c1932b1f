/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cuda.vendor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.espalier.backend.Backend;
import org.espalier.backend.scalar.ScalarBackend;
import org.espalier.conformance.CheckResult;
import org.espalier.conformance.Conformance;
import org.espalier.conformance.OperationCase;
import org.espalier.conformance.OperationCatalogue;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The sparse products as they are asked of cuSPARSE, through JCusparse, against the oracle. */
class CusparseConformanceTest {

  private static final Set<String> SPARSE = Set.of("spmm", "sddmm", "sddmmSgd");

  @ParameterizedTest
  @EnumSource(SpmmAlgorithm.class)
  void agreesWithTheOracleOnEverySparseProduct(SpmmAlgorithm algorithm) {
    List<String> failures = new ArrayList<>();
    int checked = 0;
    try (Backend candidate = CusparseStub.open(algorithm);
        Backend oracle = new ScalarBackend()) {
      for (OperationCase operationCase : OperationCatalogue.small()) {
        if (SPARSE.contains(operationCase.operation())) {
          checked++;
          CheckResult result = Conformance.check(candidate, oracle, operationCase);
          if (!result.passed()) {
            failures.add(result.toString());
          }
        }
      }
    }
    assertEquals(List.of(), failures);
    assertTrue(checked > 100, "only " + checked + " cases");
  }
}
