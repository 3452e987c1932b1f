/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend.portable;

import static org.espalier.backend.host.HostBuffer.BASE;
import static org.espalier.backend.host.HostBuffer.floats;
import static org.espalier.backend.host.HostBuffer.ints;
import static org.espalier.backend.host.HostBuffer.start;

import org.espalier.sparse.CsrMatrix;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.Tensor;

/**
 * SDDMM: the gradients of four connections of a row at a time, in chunks.
 *
 * <p>Java fixes the order in which a sum is taken, so the compiler cannot vectorise a dot product.
 * Four side by side keep the scalar units as busy as can be; summing up lanes in row arrays first
 * and the lanes one by one afterwards was no faster at the 100 positions or so of a batch.
 */
final class SddmmKernel {

  /** Connections that are handed on together. */
  private static final int CHUNK = 256;

  private final Team team;
  private final float[][] chunks;

  /** Takes finished gradients. */
  @FunctionalInterface
  interface Receiver {

    /** Takes the gradients of connections {@code from} to {@code from + count}. */
    void take(float[] gradients, int from, int count);
  }

  SddmmKernel(Team team) {
    this.team = team;
    this.chunks = new float[team.threads()][CHUNK];
  }

  /**
   * Computes all gradients.
   *
   * @param biasGradient where the sums of dY go, or null
   */
  void run(CsrMatrix pattern, Tensor x, Tensor dy, DeviceBuffer biasGradient, Receiver receiver) {
    int[] rowStart = ints(pattern.rowStart());
    int[] column = ints(pattern.column());
    float[] dOut = floats(dy.buffer());
    float[] biases = biasGradient == null ? null : floats(biasGradient);
    team.spreadRows(
        rowStart,
        pattern.rows(),
        x.positions(),
        (first, last, worker) -> {
          for (int r = first; r < last; r++) {
            int at = start(dy) + r * dy.stride();
            for (int k = rowStart[r]; k < rowStart[r + 1]; k += CHUNK) {
              int count = Math.min(CHUNK, rowStart[r + 1] - k);
              chunk(column, k, count, x, dOut, at, chunks[worker]);
              receiver.take(chunks[worker], k, count);
            }
            if (biases != null) {
              biases[BASE + r] = sum(dOut, at, dy.positions());
            }
          }
        });
  }

  private static void chunk(
      int[] column, int first, int count, Tensor x, float[] dOut, int at, float[] gradients) {
    float[] in = floats(x.buffer());
    int start = start(x);
    int stride = x.stride();
    int last = first + count - 1;
    for (int i = 0; i < count; i += 4) { // the last four may be one several times
      int k = first + i;
      int o0 = start + column[k] * stride;
      int o1 = start + column[Math.min(k + 1, last)] * stride;
      int o2 = start + column[Math.min(k + 2, last)] * stride;
      int o3 = start + column[Math.min(k + 3, last)] * stride;
      dots(dOut, at, in, o0, o1, o2, o3, x.positions(), gradients, i);
    }
  }

  private static void dots(
      float[] d, int at, float[] x, int o0, int o1, int o2, int o3, int n, float[] sums, int to) {
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    int j = 0;
    for (; j < n - 1; j += 2) {
      float d0 = d[at + j];
      float d1 = d[at + j + 1];
      s0 += d0 * x[o0 + j] + d1 * x[o0 + j + 1];
      s1 += d0 * x[o1 + j] + d1 * x[o1 + j + 1];
      s2 += d0 * x[o2 + j] + d1 * x[o2 + j + 1];
      s3 += d0 * x[o3 + j] + d1 * x[o3 + j + 1];
    }
    if (j < n) {
      float d0 = d[at + j];
      s0 += d0 * x[o0 + j];
      s1 += d0 * x[o1 + j];
      s2 += d0 * x[o2 + j];
      s3 += d0 * x[o3 + j];
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
