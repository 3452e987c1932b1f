/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.conformance;

/**
 * One result of an operation, copied to the host. Doubles hold every float and every int exactly.
 *
 * @param name what the interface calls it
 * @param rows number of rows; 1 for a plain array
 * @param columns elements of a row that count (the padding is left out)
 * @param values rows * columns numbers, row by row
 * @param bound how far they may be from the oracle's
 */
public record Output(String name, int rows, int columns, double[] values, ErrorBound bound) {

  /** Checks that the shape and the numbers belong together. */
  public Output {
    if ((long) rows * columns != values.length) {
      throw new IllegalArgumentException(
          "%d numbers for %s of %d x %d".formatted(values.length, name, rows, columns));
    }
  }

  /** Returns the name of an element, for people. */
  String element(int index) {
    return rows == 1
        ? "%s[%d]".formatted(name, index)
        : "%s[%d, %d]".formatted(name, index / columns, index % columns);
  }
}
