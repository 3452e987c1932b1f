/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend.portable;

import static org.espalier.backend.host.HostBuffer.BASE;
import static org.espalier.backend.host.HostBuffer.floats;
import static org.espalier.backend.host.HostBuffer.ints;
import static org.espalier.backend.host.HostBuffer.start;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.espalier.sparse.CsrMatrix;
import org.espalier.sparse.Taps;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.Tensor;

/**
 * Weight gradients of columns that read by taps: dot products of rows of dY with stretches of X as
 * they lie in memory, four columns at a time. The halo of dY is zero, so what X holds there does
 * not count. Sums are taken tile by tile of positions, so that a tile of X stays in cache while
 * many rows of dY are multiplied with it; tiles depend on the shapes only.
 */
final class TapDots {

  /** Connections whose sums a thread holds at a time. */
  private static final int CHUNK = 1 << 12;

  /** Numbers of a tile of X. */
  private static final int TILE = 1 << 16;

  private static final int NARROWEST = 256;
  private static final int WIDEST = 2048;

  private final Team team;
  private final float[][] chunks;
  private final float[][] fours;

  TapDots(Team team) {
    this.team = team;
    this.chunks = new float[team.threads()][];
    this.fours = new float[team.threads()][4];
  }

  /**
   * What the dot products are of.
   *
   * @param offset of each column, from where a row of dY would be that starts with X
   * @param tile positions of a tile
   */
  private record Operands(float[] x, int[] offset, Tensor dy, float[] d, int tile) {

    static Operands of(Taps taps, int channels, Tensor x, Tensor dy) {
      int[] offset = taps.offsets(channels, x.stride());
      for (int c = 0; c < offset.length; c++) {
        offset[c] += start(x);
      }
      int fitting = TILE / Math.max(1, x.rows());
      int tile = Math.max(NARROWEST, Math.min(WIDEST, fitting));
      return new Operands(floats(x.buffer()), offset, dy, floats(dy.buffer()), tile);
    }
  }

  /**
   * Computes the gradients at the connections.
   *
   * @param biasGradient where the sums of dY go, or null
   */
  void sparse(
      CsrMatrix pattern,
      Tensor x,
      Tensor dy,
      DeviceBuffer biasGradient,
      SddmmKernel.Receiver receiver) {
    int[] rowStart = ints(pattern.rowStart());
    int[] column = ints(pattern.column());
    float[] biases = biasGradient == null ? null : floats(biasGradient);
    Operands operands = Operands.of(pattern.taps(), pattern.channels(), x, dy);
    team.spreadRows(
        rowStart,
        pattern.rows(),
        dy.positions(),
        (first, last, worker) -> {
          chunks(operands, rowStart, column, first, last, worker, receiver);
          for (int r = first; biases != null && r < last; r++) {
            biases[BASE + r] = sumOfRow(operands, r);
          }
        });
  }

  private void chunks(
      Operands operands,
      int[] rowStart,
      int[] column,
      int first,
      int last,
      int worker,
      SddmmKernel.Receiver receiver) {
    if (chunks[worker] == null) {
      chunks[worker] = new float[CHUNK];
    }
    float[] sums = chunks[worker];
    int row = first;
    for (int from = rowStart[first]; from < rowStart[last]; from += CHUNK) {
      int to = Math.min(from + CHUNK, rowStart[last]);
      while (rowStart[row + 1] <= from) {
        row++;
      }
      Arrays.fill(sums, 0, to - from, 0);
      for (int p = 0; p < operands.dy.positions(); p += operands.tile) {
        for (int r = row; r < last && rowStart[r] < to; r++) {
          int begin = Math.max(from, rowStart[r]);
          int end = Math.min(to, rowStart[r + 1]);
          add(operands, r, p, column, begin, end, sums, begin - from, fours[worker]);
        }
      }
      receiver.take(sums, from, to - from);
    }
  }

  private static float sumOfRow(Operands operands, int row) {
    int at = start(operands.dy) + row * operands.dy.stride();
    int n = operands.dy.positions();
    float sum = 0;
    for (int p = 0; p < n; p += operands.tile) {
      sum += SddmmKernel.sum(operands.d, at + p, Math.min(operands.tile, n - p));
    }
    return sum;
  }

  /** Computes the gradients of all cells, row by row. */
  void dense(Taps taps, Tensor x, Tensor dy, DeviceBuffer gradient) {
    int channels = x.rows() / taps.phases().size();
    Operands operands = Operands.of(taps, channels, x, dy);
    int columns = operands.offset.length;
    int[] column = IntStream.range(0, columns).toArray();
    float[] sums = floats(gradient);
    team.spread(
        dy.rows(),
        (long) dy.rows() * columns * dy.positions(),
        (first, last, worker) -> {
          Arrays.fill(sums, BASE + first * columns, BASE + last * columns, 0);
          for (int p = 0; p < dy.positions(); p += operands.tile) {
            for (int r = first; r < last; r++) {
              add(operands, r, p, column, 0, columns, sums, BASE + r * columns, fours[worker]);
            }
          }
        });
  }

  /** Adds the products of a tile of positions to the sums of entries of a row. */
  private static void add(
      Operands operands,
      int row,
      int p,
      int[] column,
      int from,
      int to,
      float[] sums,
      int target,
      float[] four) {
    int n = Math.min(operands.tile, operands.dy.positions() - p);
    int d = start(operands.dy) + row * operands.dy.stride() + p;
    int[] offset = operands.offset;
    int last = to - 1;
    for (int k = from; k < to; k += 4) {
      int x0 = offset[column[k]] + p;
      int x1 = offset[column[Math.min(k + 1, last)]] + p; // at the end the last one again
      int x2 = offset[column[Math.min(k + 2, last)]] + p;
      int x3 = offset[column[Math.min(k + 3, last)]] + p;
      dots(operands.d, d, operands.x, x0, x1, x2, x3, n, four);
      for (int i = 0; i < Math.min(4, to - k); i++) {
        sums[target + k - from + i] += four[i];
      }
    }
  }

  private static void dots(
      float[] d, int at, float[] x, int x0, int x1, int x2, int x3, int n, float[] four) {
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    int j = 0;
    for (; j < n - 1; j += 2) {
      float d0 = d[at + j];
      float d1 = d[at + j + 1];
      s0 += d0 * x[x0 + j] + d1 * x[x0 + j + 1];
      s1 += d0 * x[x1 + j] + d1 * x[x1 + j + 1];
      s2 += d0 * x[x2 + j] + d1 * x[x2 + j + 1];
      s3 += d0 * x[x3 + j] + d1 * x[x3 + j + 1];
    }
    if (j < n) {
      s0 += d[at + j] * x[x0 + j];
      s1 += d[at + j] * x[x1 + j];
      s2 += d[at + j] * x[x2 + j];
      s3 += d[at + j] * x[x3 + j];
    }
    four[0] = s0;
    four[1] = s1;
    four[2] = s2;
    four[3] = s3;
  }
}
