/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.benchmarks.acceptance;

import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import org.espalier.backend.Backend;
import org.espalier.conformance.CheckResult;
import org.espalier.conformance.Conformance;
import org.espalier.conformance.OperationCase;
import org.espalier.conformance.OperationCatalogue;

/** Runs the case catalogue on a backend against the oracle. */
final class CatalogueCheck {

  private final Backend candidate;
  private final Backend oracle;
  private final PrintStream out;

  CatalogueCheck(Backend candidate, Backend oracle, PrintStream out) {
    this.candidate = candidate;
    this.oracle = oracle;
    this.out = out;
  }

  /**
   * Runs all small cases, then as many of the large ones as there is time for.
   *
   * @param limit after which no more large case is begun
   * @return whether all that ran agree
   */
  boolean run(Duration limit) {
    long end = System.nanoTime() + limit.toNanos();
    boolean smallAgree = check("small", OperationCatalogue.small(), Long.MAX_VALUE);
    boolean largeAgree = check("large", OperationCatalogue.benchmarks(), end);
    return smallAgree && largeAgree;
  }

  private boolean check(String kind, List<OperationCase> cases, long end) {
    int run = 0;
    int failed = 0;
    CheckResult worst = null;
    for (OperationCase operation : cases) {
      if (end != Long.MAX_VALUE && System.nanoTime() - end > 0) {
        break;
      }
      CheckResult result = Conformance.check(candidate, oracle, operation);
      run++;
      if (!result.passed()) {
        failed++;
        out.println(candidate.name() + ": " + result);
      } else if (result.bound() > 0 && (worst == null || share(result) > share(worst))) {
        worst = result;
      }
    }
    out.printf(
        "%s: %d of %d %s cases agree with %s%s%n",
        candidate.name(),
        run - failed,
        run,
        kind,
        oracle.name(),
        run == cases.size() ? "" : ", %d not run for lack of time".formatted(cases.size() - run));
    if (worst != null) {
      out.println("nearest to its bound: " + worst);
    }
    return failed == 0;
  }

  private static double share(CheckResult result) {
    return result.maxError() / result.bound();
  }
}
