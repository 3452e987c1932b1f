/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.conformance;

import java.util.List;
import org.espalier.backend.Backend;

/** Runs a case on two backends and compares what comes out. */
public final class Conformance {

  private Conformance() {}

  /**
   * Compares a backend with the oracle, each element within the bound of its output. The memory
   * around the results has to be untouched and every buffer of the operation closed.
   */
  public static CheckResult check(Backend candidate, Backend oracle, OperationCase operationCase) {
    return compare(candidate, oracle, operationCase, false);
  }

  /**
   * Compares two backends that must agree bit for bit: one backend with two numbers of threads,
   * say.
   */
  public static CheckResult checkSameBits(
      Backend candidate, Backend other, OperationCase operationCase) {
    return compare(candidate, other, operationCase, true);
  }

  private static CheckResult compare(
      Backend candidate, Backend oracle, OperationCase operationCase, boolean sameBits) {
    List<Output> expected = outputs(oracle, operationCase);
    long buffersBefore = candidate.memory().liveBuffers();
    List<Output> actual;
    try {
      actual = outputs(candidate, operationCase);
    } catch (RuntimeException failure) {
      return failed(operationCase, "threw " + failure + ".");
    }
    long left = candidate.memory().liveBuffers() - buffersBefore;
    if (left != 0) {
      return failed(operationCase, "left %d buffers open.".formatted(left));
    }
    if (actual.size() != expected.size()) {
      return failed(
          operationCase, "has %d outputs, expected %d.".formatted(actual.size(), expected.size()));
    }
    Comparison comparison = new Comparison(operationCase);
    for (int i = 0; i < expected.size(); i++) {
      comparison.add(actual.get(i), expected.get(i), sameBits);
    }
    return comparison.result();
  }

  private static List<Output> outputs(Backend backend, OperationCase operationCase) {
    try (PreparedCase prepared = operationCase.prepare(backend)) {
      prepared.run();
      return prepared.outputs();
    }
  }

  private static CheckResult failed(OperationCase operationCase, String problem) {
    return new CheckResult(operationCase, Double.POSITIVE_INFINITY, 0, false, problem);
  }
}
