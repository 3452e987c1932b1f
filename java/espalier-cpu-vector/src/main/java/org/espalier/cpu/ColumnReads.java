/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import java.util.Arrays;
import org.espalier.sparse.Taps;
import org.espalier.tensor.Tensor;

/** Where the columns of a dense weight gradient start to read, counted from the start of X. */
final class ColumnReads {

  private int[] starts = new int[0];
  private int columns;

  /**
   * Takes the columns of a product; behind them the last one is repeated, for tiles at the edge.
   *
   * @param multiple what the columns are filled up to a multiple of
   */
  void set(Taps taps, Tensor x, int multiple) {
    columns = x.rows() / taps.phases().size() * taps.count();
    int filled = (columns + multiple - 1) / multiple * multiple;
    if (starts.length < filled) {
      starts = new int[filled];
    }
    taps.fillOffsets(columns / taps.count(), x.stride(), starts);
    if (columns > 0) {
      Arrays.fill(starts, columns, filled, starts[columns - 1]);
    }
  }

  /** Returns the number of columns. */
  int columns() {
    return columns;
  }

  /** Returns where each starts. */
  int[] starts() {
    return starts;
  }
}
