/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend.portable;

import static org.espalier.backend.host.HostBuffer.BASE;
import static org.espalier.backend.host.HostBuffer.floats;
import static org.espalier.backend.host.HostBuffer.ints;

import org.espalier.sparse.CsrMatrix;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.Tensor;

/**
 * SDDMM: the gradients of four connections of a row at a time, in chunks.
 *
 * <p>Java fixes the order in which a sum is taken, so the compiler cannot vectorise a dot product.
 * Four side by side, two positions at a time, keep the scalar units about as busy as can be. To
 * multiply in row arrays, which is vectorised, and to sum those up one by one afterwards gains a
 * tenth at best at the 100 positions or so of a batch; most ways to write that lose more.
 */
final class SddmmKernel {

  /** Connections that are handed on together. */
  private static final int CHUNK = 256;

  private final Team team;
  private final RowArrays scratch;
  private final float[][] chunks;
  private final float[][] dRows;

  /** Takes finished gradients. */
  @FunctionalInterface
  interface Receiver {

    /** Takes the gradients of connections {@code from} to {@code from + count}. */
    void take(float[] gradients, int from, int count);
  }

  SddmmKernel(Team team, RowArrays scratch) {
    this.team = team;
    this.scratch = scratch;
    this.chunks = new float[team.threads()][CHUNK];
    this.dRows = new float[team.threads()][0];
  }

  /**
   * Computes all gradients.
   *
   * @param biasGradient where the sums of dY go, or null
   */
  void run(CsrMatrix pattern, Tensor x, Tensor dy, DeviceBuffer biasGradient, Receiver receiver) {
    int[] rowStart = ints(pattern.rowStart());
    int[] column = ints(pattern.column());
    float[] biases = biasGradient == null ? null : floats(biasGradient);
    int n = x.positions();
    float[][] in = scratch.load(x, 0, n);
    team.spreadRows(
        rowStart,
        pattern.rows(),
        n,
        (first, last, worker) -> {
          float[] d = dRow(n, worker);
          for (int r = first; r < last; r++) {
            RowDelivery.copyOut(dy, r, 0, d, n);
            row(column, rowStart[r], rowStart[r + 1], in, d, n, chunks[worker], receiver);
            if (biases != null) {
              biases[BASE + r] = sum(d, RowArrays.FIRST, n);
            }
          }
        });
  }

  private float[] dRow(int n, int worker) {
    if (dRows[worker].length < RowArrays.end(n)) {
      dRows[worker] = RowArrays.row(n);
    }
    return dRows[worker];
  }

  private static void row(
      int[] column,
      int from,
      int to,
      float[][] x,
      float[] d,
      int n,
      float[] gradients,
      Receiver receiver) {
    int end = RowArrays.FIRST + n;
    int last = to - 1;
    for (int k0 = from; k0 < to; k0 += CHUNK) {
      int count = Math.min(CHUNK, to - k0);
      for (int i = 0; i < count; i += 4) {
        int k = k0 + i;
        float[] x0 = x[column[k]];
        float[] x1 = x[column[Math.min(k + 1, last)]]; // at the end of a row the last one again
        float[] x2 = x[column[Math.min(k + 2, last)]];
        float[] x3 = x[column[Math.min(k + 3, last)]];
        dots(d, x0, x1, x2, x3, end, gradients, i);
      }
      receiver.take(gradients, k0, count);
    }
  }

  private static void dots(
      float[] d, float[] x0, float[] x1, float[] x2, float[] x3, int end, float[] sums, int to) {
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    int j = RowArrays.FIRST;
    for (; j < end - 1; j += 2) {
      float d0 = d[j];
      float d1 = d[j + 1];
      s0 += d0 * x0[j] + d1 * x0[j + 1];
      s1 += d0 * x1[j] + d1 * x1[j + 1];
      s2 += d0 * x2[j] + d1 * x2[j + 1];
      s3 += d0 * x3[j] + d1 * x3[j + 1];
    }
    if (j < end) {
      s0 += d[j] * x0[j];
      s1 += d[j] * x1[j];
      s2 += d[j] * x2[j];
      s3 += d[j] * x3[j];
    }
    sums[to] = s0;
    sums[to + 1] = s1;
    sums[to + 2] = s2;
    sums[to + 3] = s3;
  }

  /** Returns the sum of {@code n} numbers, in four chains. */
  static float sum(float[] values, int at, int n) {
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    int j = 0;
    for (; j < n - 3; j += 4) {
      s0 += values[at + j];
      s1 += values[at + j + 1];
      s2 += values[at + j + 2];
      s3 += values[at + j + 3];
    }
    for (; j < n; j++) {
      s0 += values[at + j];
    }
    return (s0 + s1) + (s2 + s3);
  }
}
