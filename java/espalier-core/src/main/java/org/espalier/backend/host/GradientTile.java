/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend.host;

import static org.espalier.backend.host.HostBuffer.BASE;

import java.util.Arrays;
import org.espalier.tensor.Tensor;

/**
 * The gradients of some rows and columns of a layer, summed in the order of the positions; scratch
 * memory of one thread. Some columns of X are turned into rows, {@link #TERMS} positions at a time,
 * and added up four at a time, which the compiler vectorises: five reads, of the first-level cache,
 * and a write for four products and four sums.
 */
final class GradientTile {

  /**
   * Rows of a tile, which share the turning; the sums are 128 KB, less than a second-level cache.
   */
  static final int ROWS = 128;

  /** Columns of a tile: long loops, and the turned columns stay in the first-level cache. */
  static final int COLUMNS = 256;

  private static final int TERMS = 16;
  private static final int PASS = 4;
  private static final int VECTOR = 16;

  // data is from HostBuffer.BASE on: loops begin one element earlier, which the compiler takes off,
  // so that vectors fall on cache lines, and go on to the end of a vector
  private final float[][] sums = new float[ROWS][BASE + COLUMNS];
  private final float[][] terms = new float[TERMS][BASE + COLUMNS];

  /** Returns the sums of a row of the tile; that of column c is at {@code BASE + c}. */
  float[] sums(int row) {
    return sums[row];
  }

  /**
   * Computes the gradients.
   *
   * @param x layer input
   * @param offset where each column of the layer reads, from row 0 of x on; null if it is the row
   *     of its number
   * @param dy gradient of the layer's output
   * @param rows at most {@link #ROWS}
   * @param columns at most {@link #COLUMNS}
   */
  void compute(
      Tensor x, int[] offset, int firstColumn, int columns, Tensor dy, int firstRow, int rows) {
    float[] dOut = HostBuffer.floats(dy.buffer());
    int end = BASE + (columns + VECTOR - 1) / VECTOR * VECTOR;
    for (int r = 0; r < rows; r++) {
      Arrays.fill(sums[r], 0);
    }
    for (int p = 0; p < x.positions(); p += TERMS) {
      int count = Math.min(TERMS, x.positions() - p);
      turn(x, offset, firstColumn, columns, p, count);
      for (int r = 0; r < rows; r++) {
        addTerms(
            sums[r], end, dOut, HostBuffer.start(dy) + (firstRow + r) * dy.stride() + p, count);
      }
    }
  }

  /** Makes rows of {@code count} positions, and rows of zeros up to a whole pass. */
  private void turn(Tensor x, int[] offset, int firstColumn, int columns, int from, int count) {
    float[] source = HostBuffer.floats(x.buffer());
    if (offset == null) {
      int at = HostBuffer.start(x) + firstColumn * x.stride() + from;
      turn(source, at, x.stride(), columns, count);
    } else {
      for (int p = 0; p < count; p++) {
        turnTaps(source, HostBuffer.start(x) + from + p, offset, firstColumn, columns, terms[p]);
      }
    }
    for (int beyond = count; beyond % PASS != 0; beyond++) {
      Arrays.fill(terms[beyond], 0);
    }
  }

  private static void turnTaps(
      float[] source, int first, int[] offset, int firstColumn, int columns, float[] target) {
    for (int c = 0; c < columns; c++) {
      target[BASE + c] = source[first + offset[firstColumn + c]];
    }
  }

  private void turn(float[] source, int at, int stride, int columns, int count) {
    int p = 0;
    for (; p <= count - PASS; p += PASS) {
      turnPass(source, at + p, stride, columns, terms[p], terms[p + 1], terms[p + 2], terms[p + 3]);
    }
    for (int rest = p; rest < count; rest++) {
      turnOne(source, at + rest, stride, columns, terms[rest]);
    }
  }

  private static void turnPass(
      float[] source,
      int first,
      int stride,
      int columns,
      float[] x0,
      float[] x1,
      float[] x2,
      float[] x3) {
    int at = first;
    for (int j = BASE; j < BASE + columns; j++) {
      x0[j] = source[at];
      x1[j] = source[at + 1];
      x2[j] = source[at + 2];
      x3[j] = source[at + 3];
      at += stride;
    }
  }

  private static void turnOne(float[] source, int first, int stride, int columns, float[] target) {
    int at = first;
    for (int j = BASE; j < BASE + columns; j++) {
      target[j] = source[at];
      at += stride;
    }
  }

  private void addTerms(float[] sum, int end, float[] factors, int at, int count) {
    int p = 0;
    for (; p <= count - PASS; p += PASS) {
      int f = at + p;
      add(
          sum,
          end,
          factors[f],
          terms[p],
          factors[f + 1],
          terms[p + 1],
          factors[f + 2],
          terms[p + 2],
          factors[f + 3],
          terms[p + 3]);
    }
    if (p < count) {
      float second = p + 1 < count ? factors[at + p + 1] : 0;
      float third = p + 2 < count ? factors[at + p + 2] : 0;
      float first = factors[at + p];
      add(sum, end, first, terms[p], second, terms[p + 1], third, terms[p + 2], 0, terms[p + 3]);
    }
  }

  /** Adds four terms, one after the other. */
  private static void add(
      float[] sum,
      int end,
      float f0,
      float[] x0,
      float f1,
      float[] x1,
      float f2,
      float[] x2,
      float f3,
      float[] x3) {
    for (int j = BASE - 1; j < end; j++) {
      sum[j] = (((sum[j] + f0 * x0[j]) + f1 * x1[j]) + f2 * x2[j]) + f3 * x3[j];
    }
  }
}
