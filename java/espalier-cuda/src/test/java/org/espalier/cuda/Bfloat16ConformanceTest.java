/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.espalier.backend.Backend;
import org.espalier.backend.KernelPolicy;
import org.espalier.backend.KernelPolicy.Precision;
import org.espalier.backend.scalar.ScalarBackend;
import org.espalier.conformance.CheckResult;
import org.espalier.conformance.Conformance;
import org.espalier.conformance.OperationCase;
import org.espalier.conformance.OperationCatalogue;
import org.junit.jupiter.api.Test;

/** Sparse products that may read their dense operands in 16 bits, on the emulator. */
class Bfloat16ConformanceTest {

  private static final KernelPolicy ROUNDED = new KernelPolicy(Precision.BF16, true);
  private static final long FEW_FLOPS = 300_000;

  private static CudaBackend open(boolean measures) {
    CudaSettings settings = new CudaSettings(0, false, 0, Optional.empty());
    CudaBackend backend =
        new CudaBackend(Emulated.library(), "cuda-emulated", settings, 1, measures);
    backend.use(ROUNDED);
    return backend;
  }

  private static boolean isSparse(OperationCase product) {
    return product.operation().startsWith("spmm") || product.operation().startsWith("sddmm");
  }

  private static List<OperationCase> products() {
    return OperationCatalogue.all().stream()
        .filter(Bfloat16ConformanceTest::isSparse)
        .filter(c -> !c.parameters().contains("kernel")) // convolutions have one tier
        .filter(c -> c.flops() < FEW_FLOPS)
        .toList();
  }

  /** All, but of what takes no notice of the policy only what is small. */
  private static List<OperationCase> catalogue() {
    return OperationCatalogue.all().stream().filter(c -> !c.benchmark() || isSparse(c)).toList();
  }

  private static List<String> failures(Backend candidate, List<OperationCase> cases) {
    List<String> failures = new ArrayList<>();
    try (Backend oracle = new RoundingOracle()) {
      for (OperationCase operationCase : cases) {
        CheckResult result = Conformance.check(candidate, oracle, operationCase);
        if (!result.passed()) {
          failures.add(result.toString());
        }
      }
    }
    return failures;
  }

  @Test
  void theWholeCatalogueAgreesWithTheOracleOnRoundedOperands() {
    try (CudaBackend backend = open(false)) {
      assertEquals(List.of(), failures(backend, catalogue()));
      assertEquals(Map.of(), backend.kernelChoices());
    }
  }

  @Test
  void whateverIsChosenIsWithinTheBoundAndEachTierIsRight() {
    Map<String, String> choices = measured();
    assertTrue(choices.keySet().stream().allMatch(shape -> shape.endsWith(".bf16")));
    for (Tier tier : new Tier[] {Tier.GATHER_16, Tier.SLAB_16}) {
      Map<String, String> all = new TreeMap<>();
      choices.keySet().forEach(shape -> all.put(shape, tier.name()));
      try (CudaBackend backend = open(true)) {
        backend.useKernelChoices(all);
        assertEquals(List.of(), failures(backend, products()), tier.name());
        assertEquals(all, backend.kernelChoices(), "nothing is measured that is known");
      }
    }
  }

  /** Chooses by measuring, and compares with the oracle on operands that are not rounded. */
  private static Map<String, String> measured() {
    List<String> failures = new ArrayList<>();
    try (CudaBackend backend = open(true);
        Backend oracle = new ScalarBackend()) {
      for (OperationCase product : products()) {
        CheckResult result = Conformance.check(backend, oracle, product);
        if (!(result.maxError() <= Tier.SLAB_16.allowedError())) {
          failures.add(result.toString());
        }
      }
      assertEquals(List.of(), failures);
      return backend.kernelChoices();
    }
  }

  @Test
  void withoutLeaveToRoundATierThatRoundsIsNeverTaken() {
    OperationCase product = products().get(products().size() - 1);
    for (Precision precision : new Precision[] {Precision.FP32_EXACT, Precision.TF32}) {
      Map<String, String> choices;
      try (CudaBackend backend = open(true);
          Backend oracle = new ScalarBackend()) {
        backend.use(new KernelPolicy(precision, true));
        assertTrue(Conformance.check(backend, oracle, product).passed());
        choices = backend.kernelChoices();
        assertFalse(choices.isEmpty());
        assertFalse(choices.containsValue(Tier.GATHER_16.name()), choices.toString());
        assertFalse(choices.containsValue(Tier.SLAB_16.name()), choices.toString());
      }
      Map<String, String> rounding = new TreeMap<>();
      choices.keySet().forEach(shape -> rounding.put(shape, Tier.SLAB_16.name()));
      try (CudaBackend backend = open(false);
          Backend oracle = new ScalarBackend()) {
        backend.use(new KernelPolicy(precision, true));
        backend.useKernelChoices(rounding);
        CheckResult result = Conformance.check(backend, oracle, product);
        assertTrue(result.passed(), "such a choice made elsewhere is passed over: " + result);
      }
    }
  }
}
