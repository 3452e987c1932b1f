/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.conformance;

/** Collects the worst and the first bad element over all outputs of a case. */
final class Comparison {

  private final OperationCase operationCase;
  private double maxError;
  private double bound;
  private double worstShare = -1;
  private String problem = "";

  Comparison(OperationCase operationCase) {
    this.operationCase = operationCase;
  }

  void add(Output actual, Output expected, boolean sameBits) {
    if (actual.rows() != expected.rows() || actual.columns() != expected.columns()) {
      report(
          "%s has %d x %d elements, expected %d x %d."
              .formatted(
                  actual.name(),
                  actual.rows(),
                  actual.columns(),
                  expected.rows(),
                  expected.columns()));
      return;
    }
    for (int i = 0; i < expected.values().length; i++) {
      double is = actual.values()[i];
      double should = expected.values()[i];
      double error = sameBits ? bitsError(is, should) : expected.bound().error(is, should);
      double allowed = sameBits ? 0 : expected.bound().units();
      note(error, allowed);
      if (error > allowed) {
        report(
            "%s is %s, expected %s (error %.3g, allowed %.3g)."
                .formatted(actual.element(i), is, should, error, allowed));
      }
    }
  }

  private static double bitsError(double is, double should) {
    return Double.doubleToLongBits(is) == Double.doubleToLongBits(should)
        ? 0
        : Double.POSITIVE_INFINITY;
  }

  private void note(double error, double allowed) {
    double share = error == 0 ? 0 : error / allowed;
    if (share > worstShare) {
      worstShare = share;
      maxError = error;
      bound = allowed;
    }
  }

  private void report(String sentence) {
    if (problem.isEmpty()) {
      problem = sentence;
    }
  }

  CheckResult result() {
    return new CheckResult(operationCase, maxError, bound, problem.isEmpty(), problem);
  }
}
