/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import static org.espalier.backend.host.HostBuffer.BASE;
import static org.espalier.backend.host.HostBuffer.floats;
import static org.espalier.backend.host.HostBuffer.start;
import static org.espalier.cpu.Lanes.L;

import java.util.Arrays;
import org.espalier.backend.host.WorkerPool;
import org.espalier.sparse.Taps;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.Tensor;

/**
 * Weight gradient of a dense layer of few outputs: dot products of rows of dY with rows of X, a
 * tile of {@link GemmDots} at a time, and the lanes of some rows by 16 of them summed together.
 */
final class GemmDotsKernel implements WorkerPool.Task {

  /** Columns of a block, which come out as whole vectors. */
  private static final int BLOCK_COLUMNS = 16;

  /** Vectors of positions summed before their lanes are: keeps the rows of a block in the cache. */
  private static final int CHUNK = 16;

  private final WorkerPool pool;
  private final float[][] scratch;
  private final int[] wholeWindow = new int[L];
  private final int[] lastWindow = new int[L];

  private final ColumnReads reads = new ColumnReads();

  private int rows;
  private int columns;
  private int tileRows;
  private int rowTiles;
  private float[] in;
  private int inStart;
  private float[] dOut;
  private int dOutStart;
  private int dOutStride;
  private float[] gradients;
  private int vectors;
  private int parts;

  GemmDotsKernel(WorkerPool pool) {
    this.pool = pool;
    this.scratch = new float[pool.threads()][BASE + GemmTile.ROWS * BLOCK_COLUMNS * L];
    Arrays.fill(wholeWindow, -1);
  }

  void run(Taps taps, Tensor x, Tensor dy, DeviceBuffer gradient) {
    vectors = Lanes.vectors(x, dy);
    rows = dy.rows();
    reads.set(taps, x, GemmDots.COLUMNS);
    columns = reads.columns();
    gradients = floats(gradient);
    if (vectors == 0) {
      Arrays.fill(gradients, BASE, BASE + rows * columns, 0);
    }
    if (vectors == 0 || rows == 0 || columns == 0) {
      return;
    }
    tileRows = GemmTile.rowsOfTile(rows, false);
    rowTiles = (rows + tileRows - 1) / tileRows;
    in = floats(x.buffer());
    inStart = start(x);
    dOut = floats(dy.buffer());
    dOutStart = start(dy);
    dOutStride = dy.stride();
    Lanes.fillTailMask(lastWindow, x.positions());
    long units = units();
    parts = (int) Math.min(Split.parts(pool, (long) rows * columns * vectors), units);
    pool.run(parts, this);
    in = null;
    dOut = null;
    gradients = null;
  }

  private long units() {
    return (long) ((columns + BLOCK_COLUMNS - 1) / BLOCK_COLUMNS) * rowTiles;
  }

  @Override
  public void run(int part, int worker) {
    long to = Split.start(units(), part + 1, parts);
    for (int v = 0; v < vectors; v += CHUNK) { // what a chunk reads stays in the cache
      for (long unit = Split.start(units(), part, parts); unit < to; unit++) {
        // tiles of dY take turns at 16 columns of X, 8 KB with 8 vectors of 16 lanes
        int row = (int) (unit % rowTiles) * tileRows;
        int column = (int) (unit / rowTiles) * BLOCK_COLUMNS;
        block(row, column, v, scratch[worker]);
      }
    }
  }

  /** Does a tile of rows by 16 columns over one chunk. */
  private void block(int row, int column, int v, float[] sums) {
    int height = Math.min(tileRows, rows - row);
    int width = Math.min(BLOCK_COLUMNS, columns - column);
    int chunk = Math.min(CHUNK, vectors - v);
    for (int c = 0; c < width; c += GemmDots.COLUMNS) {
      GemmDots.tile(
          height,
          chunk,
          dOut,
          dOutStart + row * dOutStride + v * L,
          dOutStride,
          in,
          reads.starts(),
          inStart + v * L,
          column + c,
          v + chunk == vectors ? lastWindow : wholeWindow,
          sums,
          BASE + c * L,
          BLOCK_COLUMNS * L);
    }
    LaneSums.reduce(sums, BASE, height * BLOCK_COLUMNS);
    for (int r = 0; r < height; r++) {
      int to = BASE + (row + r) * columns + column;
      LaneSums.deliver(sums, BASE + r * BLOCK_COLUMNS, gradients, to, width, v > 0);
    }
  }
}
