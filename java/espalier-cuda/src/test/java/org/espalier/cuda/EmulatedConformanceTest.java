/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cuda;

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

/** The CUDA kernels, run by the emulator through the whole backend, against the oracle. */
class EmulatedConformanceTest {

  /** For tests that run every case several times. */
  private static final long FEW_FLOPS = 300_000;

  private static final long FEW_BYTES = 300_000;

  @Test
  void agreesWithTheOracleOnTheWholeCatalogue() {
    List<String> failures = new ArrayList<>();
    try (Backend candidate = Emulated.open();
        Backend oracle = new ScalarBackend()) {
      for (OperationCase operationCase : OperationCatalogue.all()) {
        note(failures, Conformance.check(candidate, oracle, operationCase));
      }
    }
    assertEquals(List.of(), failures);
  }

  @Test
  void shuffledThreadsAndBlocksDoNotChangeABit() {
    List<String> failures = new ArrayList<>();
    try (CudaBackend inOrder = Emulated.open();
        CudaBackend shuffled = Emulated.open()) {
      for (OperationCase operationCase : OperationCatalogue.small()) {
        if (operationCase.flops() <= FEW_FLOPS && operationCase.bytes() <= FEW_BYTES) {
          for (long schedule = 1; schedule <= 3; schedule++) {
            shuffled.setSchedule(schedule);
            note(failures, Conformance.checkSameBits(shuffled, inOrder, operationCase));
          }
        }
      }
    }
    assertEquals(List.of(), failures);
  }

  @Test
  void theSameBitsComeOutTwice() {
    List<String> failures = new ArrayList<>();
    try (Backend once = Emulated.open();
        Backend again = Emulated.open()) {
      for (OperationCase operationCase : OperationCatalogue.small()) {
        if (operationCase.flops() <= FEW_FLOPS && operationCase.bytes() <= FEW_BYTES) {
          note(failures, Conformance.checkSameBits(once, again, operationCase));
        }
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
