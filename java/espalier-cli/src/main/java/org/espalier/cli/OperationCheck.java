/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cli;

import java.io.PrintWriter;
import java.util.List;
import org.espalier.backend.Backend;
import org.espalier.backend.BackendProvider;
import org.espalier.backend.Backends;
import org.espalier.backend.scalar.ScalarBackend;
import org.espalier.conformance.Conformance;
import org.espalier.conformance.OperationCase;
import org.espalier.conformance.OperationCatalogue;

/** Runs the whole case catalogue on every backend that works here, against the reference. */
final class OperationCheck {

  private final PrintWriter out;

  OperationCheck(PrintWriter out) {
    this.out = out;
  }

  /** Returns the exit code: 0 if everything agrees. */
  int run() {
    List<OperationCase> cases = OperationCatalogue.small();
    int failures = 0;
    for (BackendProvider provider : Backends.providers()) {
      if (provider.refusal().isEmpty() && !provider.name().equals(ScalarBackend.NAME)) {
        failures += check(provider, cases);
      }
    }
    return failures == 0 ? 0 : ErrorHandler.FAILURE;
  }

  private int check(BackendProvider provider, List<OperationCase> cases) {
    int failures = 0;
    try (Backend candidate = provider.create(Runtime.getRuntime().availableProcessors());
        Backend oracle = new ScalarBackend()) {
      for (OperationCase operation : cases) {
        var result = Conformance.check(candidate, oracle, operation);
        if (!result.passed()) {
          failures++;
          out.printf("%s: %s%n", provider.name(), result);
        }
      }
    }
    out.printf(
        "%s: %d of %d cases agree with %s%n",
        provider.name(), cases.size() - failures, cases.size(), ScalarBackend.NAME);
    return failures;
  }
}
