/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
import org.junit.jupiter.api.io.TempDir;

/**
 * Kernels chosen by measuring; what is fastest on the emulator does not matter, only that it is
 * right.
 */
class TunerTest {

  private static final KernelPolicy EXACT = new KernelPolicy(Precision.FP32_EXACT, true);

  @TempDir Path folder;

  private static CudaBackend measuring() {
    CudaSettings settings = new CudaSettings(0, false, 0, Optional.empty());
    return new CudaBackend(Emulated.library(), "cuda-emulated", settings, 1, true);
  }

  private static List<OperationCase> products() {
    return OperationCatalogue.all().stream()
        .filter(c -> c.operation().startsWith("spmm") || c.operation().startsWith("sddmm"))
        .filter(c -> !c.parameters().contains("kernel")) // convolutions have one tier
        .filter(c -> c.flops() < 4_000_000)
        .toList();
  }

  private static Map<String, String> run(CudaBackend backend) {
    List<String> failures = new ArrayList<>();
    try (Backend oracle = new ScalarBackend()) {
      for (OperationCase product : products()) {
        CheckResult result = Conformance.check(backend, oracle, product);
        if (!result.passed()) {
          failures.add(result.toString());
        }
      }
    }
    assertEquals(List.of(), failures);
    return backend.kernelChoices();
  }

  @Test
  void everyChoiceComputesTheSame() {
    Map<String, String> choices;
    try (CudaBackend backend = measuring()) {
      choices = run(backend);
    }
    assertTrue(choices.size() > 10, choices.toString());
    for (Tier tier : new Tier[] {Tier.GATHER, Tier.DENSE}) {
      Map<String, String> all = new TreeMap<>();
      choices.keySet().forEach(shape -> all.put(shape, tier.name()));
      try (CudaBackend backend = measuring()) {
        backend.useKernelChoices(all);
        assertEquals(all, run(backend), "nothing is measured that is known");
      }
    }
  }

  @Test
  void nothingIsMeasuredWhenThePolicyOrTheDeviceForbidsIt() {
    try (CudaBackend backend = measuring()) {
      backend.use(new KernelPolicy(Precision.FP32_EXACT, false));
      assertEquals(Map.of(), run(backend));
    }
    try (CudaBackend backend = Emulated.open()) {
      backend.use(EXACT);
      assertEquals(Map.of(), run(backend));
    }
  }

  @Test
  void whatNeedsAMissingLibraryIsPassedOver() {
    try (CudaBackend backend = measuring()) {
      backend.use(new KernelPolicy(Precision.TF32, true));
      Map<String, String> choices = run(backend);
      assertFalse(choices.isEmpty());
      assertFalse(choices.containsValue(Tier.TENSOR.name()), choices.toString());
      assertTrue(choices.keySet().stream().allMatch(shape -> shape.endsWith(".tf32")));
    }
  }

  @Test
  void choicesAreKeptBetweenRunsAndABrokenFileIsPassedOver() throws IOException {
    Path file = folder.resolve("caches/kernels.properties");
    TierChoices first = new TierChoices(Optional.of(file));
    first.add("spmm.2x3.batch5.nnz7.exact", Tier.SLAB);
    first.add("sddmm.2x3.batch5.nnz7.exact", Tier.DENSE);
    assertEquals(first.all(), new TierChoices(Optional.of(file)).all());
    Files.writeString(file, "spmm=SLAB\nsddmm=FASTEST\nother=AUTO\n");
    assertEquals(Map.of("spmm", "SLAB"), new TierChoices(Optional.of(file)).all());
    Files.writeString(file, "\\u00zz");
    assertEquals(Map.of(), new TierChoices(Optional.of(file)).all());
  }
}
