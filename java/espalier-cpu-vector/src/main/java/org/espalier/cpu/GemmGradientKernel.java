/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import static org.espalier.backend.host.HostBuffer.BASE;
import static org.espalier.backend.host.HostBuffer.floats;
import static org.espalier.backend.host.HostBuffer.start;
import static org.espalier.cpu.Lanes.L;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import org.espalier.backend.host.WorkerPool;
import org.espalier.sparse.Taps;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.Tensor;

/**
 * Weight gradient of a dense layer: dot products of rows of dY with rows of X, 4 by 4 at a time,
 * and the lanes of 4 by 16 of them summed together. With 8 vectors of positions that is 512 fma and
 * some 250 other operations.
 *
 * <p>Sums must not see the padding. Clearing it costs one store for each row, less than masking in
 * the product, where every row is read many times.
 */
final class GemmGradientKernel implements WorkerPool.Task {

  private static final int TILE = 4;

  /** Columns of a block, which come out as whole vectors. */
  private static final int BLOCK_COLUMNS = 16;

  /** Vectors of positions summed before their lanes are: keeps the rows of a block in the cache. */
  private static final int CHUNK = 16;

  private final WorkerPool pool;
  private final float[][] scratch;
  private final int[] tailMask = new int[L];

  private int rows;
  private int columns;
  private int[] reads = new int[0]; // where each column starts, from the start of X
  private int rowTiles;
  private float[] in;
  private int inStart;
  private float[] dOut;
  private int dOutStart;
  private int dOutStride;
  private float[] gradients;
  private int vectors;
  private int parts;

  GemmGradientKernel(WorkerPool pool) {
    this.pool = pool;
    this.scratch = new float[pool.threads()][BASE + TILE * BLOCK_COLUMNS * L];
  }

  void run(Taps taps, Tensor x, Tensor dy, DeviceBuffer gradient) {
    vectors = Lanes.vectors(x, dy);
    rows = dy.rows();
    reads(taps, x);
    gradients = floats(gradient);
    if (vectors == 0) {
      Arrays.fill(gradients, BASE, BASE + rows * columns, 0);
    }
    if (vectors == 0 || rows == 0 || columns == 0) {
      return;
    }
    rowTiles = (rows + TILE - 1) / TILE;
    in = floats(x.buffer());
    inStart = start(x);
    dOut = floats(dy.buffer());
    dOutStart = start(dy);
    dOutStride = dy.stride();
    if (taps.isNone() && x.positions() % L != 0) { // images have zeros there
      Lanes.fillTailMask(tailMask, x.positions());
      clearPadding(in, inStart, x.stride(), columns);
      clearPadding(dOut, dOutStart, dOutStride, rows);
    }
    long units = units();
    parts = (int) Math.min(Split.parts(pool, (long) rows * columns * vectors), units);
    pool.run(parts, this);
    in = null;
    dOut = null;
    gradients = null;
  }

  /** Notes where each column starts to read. */
  private void reads(Taps taps, Tensor x) {
    columns = x.rows() / taps.phases().size() * taps.count();
    if (reads.length < columns) {
      reads = new int[columns];
    }
    taps.fillOffsets(columns / taps.count(), x.stride(), reads);
  }

  private long units() {
    return (long) ((columns + BLOCK_COLUMNS - 1) / BLOCK_COLUMNS) * rowTiles;
  }

  private void clearPadding(float[] array, int start, int stride, int count) {
    int at = start + (vectors - 1) * L;
    for (int r = 0; r < count; r++, at += stride) {
      FloatVector.fromArray(Lanes.F, array, at)
          .reinterpretAsInts()
          .and(IntVector.fromArray(Lanes.I, tailMask, 0))
          .reinterpretAsFloats()
          .intoArray(array, at);
    }
  }

  @Override
  public void run(int part, int worker) {
    long to = Split.start(units(), part + 1, parts);
    for (int v = 0; v < vectors; v += CHUNK) { // what a chunk reads stays in the cache
      for (long unit = Split.start(units(), part, parts); unit < to; unit++) {
        // tiles of dY take turns at 16 columns of X, 8 KB with 8 vectors of 16 lanes
        int row = (int) (unit % rowTiles) * TILE;
        int column = (int) (unit / rowTiles) * BLOCK_COLUMNS;
        block(row, column, v, scratch[worker]);
      }
    }
  }

  /** Does 4 rows by 16 columns over one chunk; those after the last repeat it and are dropped. */
  private void block(int row, int column, int v, float[] sums) {
    int width = Math.min(BLOCK_COLUMNS, columns - column);
    for (int c = 0; c < width; c += TILE) {
      tile(row, column + c, v, sums, BASE + c * L);
    }
    LaneSums.reduce(sums, BASE, TILE * BLOCK_COLUMNS);
    for (int r = 0; r < Math.min(TILE, rows - row); r++) {
      int to = BASE + (row + r) * columns + column;
      LaneSums.deliver(sums, BASE + r * BLOCK_COLUMNS, gradients, to, width, v > 0);
    }
  }

  private void tile(int row, int column, int v, float[] sums, int to) {
    int d0 = dOutStart + row * dOutStride + v * L;
    int xo = inStart + v * L;
    int lastRow = rows - 1 - row;
    int lastColumn = columns - 1 - column;
    GemmDots.dots4x4(
        Math.min(CHUNK, vectors - v),
        dOut,
        d0,
        d0 + Math.min(1, lastRow) * dOutStride,
        d0 + Math.min(2, lastRow) * dOutStride,
        d0 + Math.min(3, lastRow) * dOutStride,
        in,
        xo + reads[column],
        xo + reads[column + Math.min(1, lastColumn)],
        xo + reads[column + Math.min(2, lastColumn)],
        xo + reads[column + Math.min(3, lastColumn)],
        sums,
        to,
        BLOCK_COLUMNS * L);
  }
}
