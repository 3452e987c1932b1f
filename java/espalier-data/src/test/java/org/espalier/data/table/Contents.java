/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data.table;

/** Reads back what a table holds, row by row. */
public final class Contents {

  private Contents() {}

  /** Returns all values, {@code [row][feature]}. */
  public static float[][] rows(FeatureTable table) {
    float[][] rows = new float[table.rows()][table.features()];
    for (int row = 0; row < rows.length; row++) {
      table.read(row, 0, rows[row].length, rows[row], 0);
    }
    return rows;
  }
}
