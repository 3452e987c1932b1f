/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data.table;

import org.espalier.backend.SampleArray;

/**
 * The features of all rows of a data file, in the form that takes the least memory.
 *
 * <p>Tables are immutable once built, and may be read from several threads at once. Values become
 * floats when they are read, and stand in arrays where they are floats already.
 */
public sealed interface FeatureTable extends SampleArray
    permits ByteTable, FloatTable, SparseTable {

  /** Returns the number of rows. */
  int rows();

  /** Returns the number of features of every row. */
  int features();

  /**
   * Writes neighbouring features of one row: feature {@code f} goes to {@code target[at + f -
   * firstFeature]} for {@code f} in {@code [firstFeature, endFeature)}. Nothing else of {@code
   * target} is touched.
   *
   * @param row in {@code [0, rows())}
   */
  void read(int row, int firstFeature, int endFeature, float[] target, int at);
}
