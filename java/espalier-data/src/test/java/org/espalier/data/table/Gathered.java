/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data.table;

import java.util.Arrays;
import java.util.stream.IntStream;

/** Reads back what a table holds, row by row. */
public final class Gathered {

  private Gathered() {}

  /** Returns all values, {@code [row][feature]}. */
  public static float[][] rows(FeatureTable table) {
    int rows = table.rows();
    int features = table.features();
    float[] ones = new float[features];
    Arrays.fill(ones, 1);
    float[] out = new float[rows * features];
    int[] all = IntStream.range(0, rows).toArray();
    table.gather(all, rows, 0, features, ones, new float[features], out, 0, rows);
    float[][] result = new float[rows][features];
    for (int r = 0; r < rows; r++) {
      for (int f = 0; f < features; f++) {
        result[r][f] = out[f * rows + r];
      }
    }
    return result;
  }
}
