/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.compare;

import java.util.List;
import java.util.Optional;

/**
 * What a comparison found so far.
 *
 * @param data name of the data set
 * @param backend what computed
 * @param runsDone runs that are in the rows
 * @param runs runs there will be
 * @param rows the dense twins first, then each case, densest first
 */
public record Comparison(
    String data, String backend, int runsDone, int runs, List<ComparisonRow> rows) {

  /** Copies the list. */
  public Comparison {
    rows = List.copyOf(rows);
  }

  /** Returns the row of the dense twin, if there is exactly one to compare with. */
  public Optional<ComparisonRow> dense() {
    List<ComparisonRow> twins =
        rows.stream().filter(row -> ComparisonCase.isDenseTwin(row.label())).toList();
    return twins.size() == 1 ? Optional.of(twins.get(0)) : Optional.empty();
  }
}
