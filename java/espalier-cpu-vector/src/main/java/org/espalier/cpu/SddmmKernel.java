/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import static org.espalier.backend.host.HostBuffer.BASE;
import static org.espalier.backend.host.HostBuffer.floats;
import static org.espalier.backend.host.HostBuffer.ints;
import static org.espalier.backend.host.HostBuffer.start;
import static org.espalier.cpu.Lanes.L;
import static org.espalier.cpu.Lanes.load;

import java.util.Arrays;
import org.espalier.backend.host.WorkerPool;
import org.espalier.sparse.CsrMatrix;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.Tensor;

/**
 * SDDMM: connections are taken in groups across row borders. {@link SddmmDots} leaves one vector of
 * partial sums for each in a scratch array that stays in the first-level cache, {@link LaneSums}
 * turns L of them into L gradients. Positions beyond one tile are added tile by tile.
 */
final class SddmmKernel implements WorkerPool.Task {

  private static final int TILE = 8;

  /** Connections of a group: 4 KB of scratch at 16 lanes. */
  private static final int GROUP = 64;

  private final WorkerPool pool;
  private final float[][] scratch;
  private final int[] fullMask = new int[L];
  private final int[] tailMask = new int[L];

  private int rows;
  private int nnz;
  private int[] rowStart;
  private int[] column;
  private float[] in;
  private int inStart;
  private int inStride;
  private float[] dOut;
  private int dOutStart;
  private int dOutStride;
  private float[] gradients;
  private int vectors;
  private int tiles;
  private int parts;

  SddmmKernel(WorkerPool pool) {
    this.pool = pool;
    this.scratch = new float[pool.threads()][];
    Arrays.setAll(scratch, i -> LaneSums.scratch(GROUP));
    Lanes.fillTailMask(fullMask, L);
  }

  void run(CsrMatrix pattern, Tensor x, Tensor dy, DeviceBuffer gradient) {
    vectors = Lanes.vectors(x, dy);
    nnz = pattern.nnz();
    gradients = floats(gradient);
    if (vectors == 0) {
      Arrays.fill(gradients, BASE, BASE + nnz, 0);
    }
    if (vectors == 0 || nnz == 0) {
      return;
    }
    rows = pattern.rows();
    rowStart = ints(pattern.rowStart());
    column = ints(pattern.column());
    in = floats(x.buffer());
    inStart = start(x);
    inStride = x.stride();
    dOut = floats(dy.buffer());
    dOutStart = start(dy);
    dOutStride = dy.stride();
    tiles = (vectors + TILE - 1) / TILE;
    Lanes.fillTailMask(tailMask, x.positions());
    parts = Split.parts(pool, (long) nnz * vectors);
    pool.run(parts, this);
    rowStart = null;
    column = null;
    in = null;
    dOut = null;
    gradients = null;
  }

  @Override
  public void run(int part, int worker) {
    int from = (int) Split.start(nnz, part, parts);
    int to = (int) Split.start(nnz, part + 1, parts);
    if (from < to) {
      int row = rowOf(from);
      for (int tile = 0; tile < tiles; tile++) {
        tile(tile, row, from, to, scratch[worker]);
      }
    }
  }

  /** Returns the row that holds an entry: the last one that starts at or before it. */
  private int rowOf(int entry) {
    int low = 0;
    int high = rows - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (rowStart[middle] <= entry) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  private void tile(int tile, int firstRow, int from, int to, float[] sums) {
    int v0 = (int) Split.start(vectors, tile, tiles);
    int width = (int) Split.start(vectors, tile + 1, tiles) - v0;
    int xo = inStart + v0 * L;
    int dyo = dOutStart + v0 * L;
    int[] mask = tile == tiles - 1 ? tailMask : fullMask;
    int row = firstRow;
    for (int g0 = from; g0 < to; g0 += GROUP) {
      int g1 = Math.min(to, g0 + GROUP);
      row = dots(width, row, g0, g1, xo, dyo, mask, sums);
      deliver(sums, LaneSums.finish(g1 - g0, sums), gradients, g0, g1, tile > 0);
    }
  }

  private static void deliver(
      float[] sums, int from, float[] gradients, int g0, int g1, boolean add) {
    int s = from;
    int g = g0;
    for (; g + L <= g1; g += L, s += L) {
      var sum = load(sums, s);
      (add ? load(gradients, BASE + g).add(sum) : sum).intoArray(gradients, BASE + g);
    }
    for (; g < g1; g++, s++) {
      gradients[BASE + g] = add ? gradients[BASE + g] + sums[s] : sums[s];
    }
  }

  private int dots(int width, int row, int g0, int g1, int xo, int dyo, int[] mask, float[] sums) {
    int xs = inStride;
    int ds = dOutStride;
    return switch (width) {
      case 1 ->
          SddmmDots.dots1(row, g0, g1, rowStart, column, in, xo, xs, dOut, dyo, ds, mask, sums);
      case 2 ->
          SddmmDots.dots2(row, g0, g1, rowStart, column, in, xo, xs, dOut, dyo, ds, mask, sums);
      case 3 ->
          SddmmDots.dots3(row, g0, g1, rowStart, column, in, xo, xs, dOut, dyo, ds, mask, sums);
      case 4 ->
          SddmmDots.dots4(row, g0, g1, rowStart, column, in, xo, xs, dOut, dyo, ds, mask, sums);
      case 5 ->
          SddmmDots.dots5(row, g0, g1, rowStart, column, in, xo, xs, dOut, dyo, ds, mask, sums);
      case 6 ->
          SddmmDots.dots6(row, g0, g1, rowStart, column, in, xo, xs, dOut, dyo, ds, mask, sums);
      case 7 ->
          SddmmDots.dots7(row, g0, g1, rowStart, column, in, xo, xs, dOut, dyo, ds, mask, sums);
      default ->
          SddmmDots.dots8(row, g0, g1, rowStart, column, in, xo, xs, dOut, dyo, ds, mask, sums);
    };
  }
}
