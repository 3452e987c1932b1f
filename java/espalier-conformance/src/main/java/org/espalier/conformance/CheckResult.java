/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.conformance;

/**
 * What came out of comparing two backends on a case.
 *
 * @param operationCase the case
 * @param maxError normalised error (see {@link ErrorBound}) of the worst element, measured against
 *     its bound
 * @param bound largest normalised error allowed for that element
 * @param passed whether no element is beyond its bound
 * @param problem one sentence that names the first bad element, or empty
 */
public record CheckResult(
    OperationCase operationCase, double maxError, double bound, boolean passed, String problem) {

  @Override
  public String toString() {
    return passed
        ? "%s: error %.3g of %.3g".formatted(operationCase.name(), maxError, bound)
        : operationCase.name() + ": " + problem;
  }
}
