/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import static org.espalier.backend.host.HostBuffer.BASE;
import static org.espalier.backend.host.HostBuffer.floats;
import static org.espalier.backend.host.HostBuffer.ints;
import static org.espalier.backend.host.HostBuffer.start;
import static org.espalier.cpu.Lanes.L;
import static org.espalier.cpu.Lanes.load;

import java.util.Arrays;
import org.espalier.backend.SgdRule;
import org.espalier.backend.host.WorkerPool;
import org.espalier.sparse.CsrMatrix;
import org.espalier.sparse.SparseWeights;
import org.espalier.sparse.TransposedCopy;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.Tensor;

/**
 * SDDMM: connections are taken in groups across row borders. {@link SddmmDots} leaves one vector of
 * partial sums for each in a scratch array that stays in the first-level cache, {@link LaneSums}
 * turns L of them into L gradients. Positions beyond one tile are added tile by tile.
 *
 * <p>With an optimizer, a chunk of gradients goes from scratch memory into the values, the
 * velocities and the transposed copy as soon as it is there.
 */
final class SddmmKernel implements WorkerPool.Task {

  private static final int TILE = 8;

  /** Connections of a group: 4 KB of scratch at 16 lanes. */
  private static final int GROUP = 64;

  /** Connections between two steps of the optimizer. */
  private static final int CHUNK = 1024;

  /** The same where each chunk goes through several tiles of X, which change less often then. */
  private static final int TILED_CHUNK = 16 * 1024;

  private final WorkerPool pool;
  private final float[][] scratch;
  private final float[][] rowScratch;
  private final float[][] chunkGradients;
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
  private float[] biasGradients;
  private SgdRule rule;
  private float learningRate;
  private float[] values;
  private float[] velocities;
  private float[] transposedValues;
  private int[] slot;
  private int vectors;
  private int tiles;
  private int chunk;
  private int parts;

  SddmmKernel(WorkerPool pool) {
    this.pool = pool;
    this.scratch = new float[pool.threads()][];
    Arrays.setAll(scratch, i -> LaneSums.scratch(GROUP));
    this.rowScratch = new float[pool.threads()][RowSumsKernel.PARTIAL];
    this.chunkGradients = new float[pool.threads()][BASE + CHUNK];
    Lanes.fillTailMask(fullMask, L);
  }

  /** Leaves the gradient of the weights in a buffer. */
  void run(
      CsrMatrix pattern, Tensor x, Tensor dy, DeviceBuffer gradient, DeviceBuffer biasGradient) {
    gradients = floats(gradient);
    rule = null;
    run(pattern, x, dy, biasGradient);
    gradients = null;
  }

  /** Makes a step of momentum SGD instead. */
  void step(
      SparseWeights weights,
      Tensor x,
      Tensor dy,
      DeviceBuffer velocity,
      DeviceBuffer biasGradient,
      SgdRule constants,
      float rate) {
    rule = constants;
    learningRate = rate;
    values = floats(weights.csr().values());
    velocities = velocity == null ? null : floats(velocity);
    TransposedCopy copy = weights.transposed().orElse(null);
    transposedValues = copy == null ? null : floats(copy.csr().values());
    slot = copy == null ? null : ints(copy.slot());
    run(weights.csr(), x, dy, biasGradient);
    values = null;
    velocities = null;
    transposedValues = null;
    slot = null;
  }

  private void run(CsrMatrix pattern, Tensor x, Tensor dy, DeviceBuffer biasGradient) {
    vectors = Lanes.vectors(x, dy);
    rows = pattern.rows();
    nnz = pattern.nnz();
    rowStart = ints(pattern.rowStart());
    column = ints(pattern.column());
    in = floats(x.buffer());
    inStart = start(x);
    inStride = x.stride();
    dOut = floats(dy.buffer());
    dOutStart = start(dy);
    dOutStride = dy.stride();
    biasGradients = biasGradient == null ? null : floats(biasGradient);
    tiles = (vectors + TILE - 1) / TILE;
    Lanes.fillTailMask(tailMask, x.positions());
    chunk = rule == null ? Math.max(1, nnz) : tiles <= 1 ? CHUNK : TILED_CHUNK;
    parts = Split.parts(pool, (long) nnz * vectors);
    pool.run(parts, this);
    rowStart = null;
    column = null;
    in = null;
    dOut = null;
    biasGradients = null;
  }

  @Override
  public void run(int part, int worker) {
    int from = firstEntry(part);
    int to = firstEntry(part + 1);
    if (from < to) {
      int row = rowFrom(from + 1) - 1;
      for (int c0 = from; c0 < to; c0 += chunk) {
        row = chunk(row, c0, Math.min(to, c0 + chunk), worker);
      }
    }
    if (biasGradients != null) {
      sumRows(part == 0 ? 0 : rowFrom(from), part == parts - 1 ? rows : rowFrom(to), worker);
    }
  }

  /** Parts begin at whole lines of the arrays. */
  private int firstEntry(int part) {
    return part == parts ? nnz : (int) Split.start(nnz / GROUP, part, parts) * GROUP;
  }

  /** Returns the first row that starts at this entry or after it, or the number of rows. */
  private int rowFrom(int entry) {
    int low = 0;
    int high = rows;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (rowStart[middle] < entry) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private void sumRows(int r0, int r1, int worker) {
    if (vectors == 0) {
      Arrays.fill(biasGradients, BASE + r0, BASE + r1, 0);
      return;
    }
    float[] partial = rowScratch[worker];
    RowSumsKernel.sum(
        dOut, dOutStart, dOutStride, vectors, tailMask, r0, r1, partial, biasGradients);
  }

  /** Does entries {@code c0} to {@code c1}, the first in or after a row; returns the last row. */
  private int chunk(int firstRow, int c0, int c1, int worker) {
    float[] target = rule == null ? gradients : chunkGradients(c1 - c0, worker);
    int at = rule == null ? BASE + c0 : BASE;
    int row = firstRow;
    if (vectors == 0) {
      Arrays.fill(target, at, at + c1 - c0, 0);
    }
    for (int tile = 0; tile < tiles; tile++) {
      row = tile(tile, firstRow, c0, c1, scratch[worker], target, at);
    }
    if (rule != null) {
      int w = BASE + c0;
      SgdKernel.step(rule, learningRate, 1, values, velocities, w, BASE + c1, target, at);
      if (slot != null) {
        SyncKernel.scatter(values, transposedValues, slot, c0, c1);
      }
    }
    return row;
  }

  private float[] chunkGradients(int count, int worker) {
    if (chunkGradients[worker].length < BASE + count) {
      chunkGradients[worker] = new float[BASE + TILED_CHUNK];
    }
    return chunkGradients[worker];
  }

  private int tile(int tile, int firstRow, int from, int to, float[] sums, float[] target, int at) {
    int v0 = (int) Split.start(vectors, tile, tiles);
    int width = (int) Split.start(vectors, tile + 1, tiles) - v0;
    int xo = inStart + v0 * L;
    int dyo = dOutStart + v0 * L;
    int[] mask = tile == tiles - 1 ? tailMask : fullMask;
    int row = firstRow;
    for (int g0 = from; g0 < to; g0 += GROUP) {
      int g1 = Math.min(to, g0 + GROUP);
      row = dots(width, row, g0, g1, xo, dyo, mask, sums);
      deliver(sums, LaneSums.finish(g1 - g0, sums), target, at + g0 - from, g1 - g0, tile > 0);
    }
    return row;
  }

  private static void deliver(
      float[] sums, int from, float[] target, int at, int count, boolean add) {
    int i = 0;
    for (; i + L <= count; i += L) {
      var sum = load(sums, from + i);
      (add ? load(target, at + i).add(sum) : sum).intoArray(target, at + i);
    }
    for (; i < count; i++) {
      target[at + i] = add ? target[at + i] + sums[from + i] : sums[from + i];
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
