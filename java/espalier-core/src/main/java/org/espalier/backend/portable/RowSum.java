/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend.portable;

import static org.espalier.backend.portable.RowArrays.FROM;
import static org.espalier.backend.portable.RowArrays.end;

import java.util.Arrays;

/**
 * A row of a product, summed up in a row array: four rows of the input at a time, which is as many
 * as the compiler unrolls and vectorises (eight are not), with one read and one write of the sum
 * for all four.
 */
final class RowSum {

  /** Rows of the input that one pass takes. */
  static final int PASS = 4;

  /** What fills up the last pass of a row. */
  private final float[] zeros = RowArrays.row(RowArrays.WIDEST);

  private final float[] sum = RowArrays.row(RowArrays.WIDEST);

  /** Returns the sums. */
  float[] values() {
    return sum;
  }

  /** Sets all sums. */
  void fill(float value, int width) {
    Arrays.fill(sum, FROM, end(width), value);
  }

  /** Adds entries {@code from} to {@code to} of a sparse row, the data from HostBuffer.BASE on. */
  void addSparse(float[] w, int base, int[] column, int from, int to, float[][] x, int width) {
    int end = end(width);
    int k = from;
    for (; k <= to - PASS; k += PASS) {
      float[] x0 = x[column[k]];
      float[] x1 = x[column[k + 1]];
      float[] x2 = x[column[k + 2]];
      float[] x3 = x[column[k + 3]];
      int at = base + k;
      add(sum, end, w[at], x0, w[at + 1], x1, w[at + 2], x2, w[at + 3], x3);
    }
    if (k < to) {
      int at = base + k;
      boolean two = k + 1 < to;
      boolean three = k + 2 < to;
      float[] x1 = two ? x[column[k + 1]] : zeros;
      float[] x2 = three ? x[column[k + 2]] : zeros;
      float w1 = two ? w[at + 1] : 0;
      float w2 = three ? w[at + 2] : 0;
      add(sum, end, w[at], x[column[k]], w1, x1, w2, x2, 0, zeros);
    }
  }

  /**
   * Adds rows {@code from} to {@code to}, weighted with every {@code step}-th number from one on.
   */
  void addDense(float[] w, int first, int step, int from, int to, float[][] x, int width) {
    int end = end(width);
    int at = first;
    int i = from;
    for (; i <= to - PASS; i += PASS) {
      int next = at + 2 * step;
      add(
          sum,
          end,
          w[at],
          x[i],
          w[at + step],
          x[i + 1],
          w[next],
          x[i + 2],
          w[next + step],
          x[i + 3]);
      at = next + 2 * step;
    }
    if (i < to) {
      boolean two = i + 1 < to;
      boolean three = i + 2 < to;
      float[] x1 = two ? x[i + 1] : zeros;
      float[] x2 = three ? x[i + 2] : zeros;
      float w1 = two ? w[at + step] : 0;
      float w2 = three ? w[at + 2 * step] : 0;
      add(sum, end, w[at], x[i], w1, x1, w2, x2, 0, zeros);
    }
  }

  private static void add(
      float[] sum,
      int end,
      float w0,
      float[] x0,
      float w1,
      float[] x1,
      float w2,
      float[] x2,
      float w3,
      float[] x3) {
    for (int j = FROM; j < end; j++) {
      sum[j] = sum[j] + ((w0 * x0[j] + w1 * x1[j]) + (w2 * x2[j] + w3 * x3[j]));
    }
  }
}
