/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import static org.espalier.backend.host.HostBuffer.BASE;
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
  private final GemmGradientOperands operands = new GemmGradientOperands();

  private int tileRows;
  private int rowTiles;
  private int parts;

  GemmDotsKernel(WorkerPool pool) {
    this.pool = pool;
    this.scratch = new float[pool.threads()][BASE + GemmTile.ROWS * BLOCK_COLUMNS * L];
    Arrays.fill(wholeWindow, -1);
  }

  void run(Taps taps, Tensor x, Tensor dy, DeviceBuffer gradient) {
    if (operands.open(taps, x, dy, gradient, GemmDots.COLUMNS)) {
      tileRows = GemmTile.rowsOfTile(operands.rows(), false);
      rowTiles = (operands.rows() + tileRows - 1) / tileRows;
      Lanes.fillTailMask(lastWindow, operands.positions());
      parts = (int) Math.min(Split.parts(pool, operands.work()), units());
      pool.run(parts, this);
    }
    operands.close();
  }

  private long units() {
    return (long) ((operands.columns() + BLOCK_COLUMNS - 1) / BLOCK_COLUMNS) * rowTiles;
  }

  @Override
  public void run(int part, int worker) {
    long to = Split.start(units(), part + 1, parts);
    for (int v = 0; v < operands.vectors(); v += CHUNK) { // what a chunk reads stays in the cache
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
    int height = Math.min(tileRows, operands.rows() - row);
    int width = Math.min(BLOCK_COLUMNS, operands.columns() - column);
    int chunk = Math.min(CHUNK, operands.vectors() - v);
    for (int c = 0; c < width; c += GemmDots.COLUMNS) {
      GemmDots.tile(
          height,
          chunk,
          operands.dOut(),
          operands.dOutStart(row) + v * L,
          operands.dOutStride(),
          operands.in(),
          operands.reads(),
          operands.inStart() + v * L,
          column + c,
          v + chunk == operands.vectors() ? lastWindow : wholeWindow,
          sums,
          BASE + c * L,
          BLOCK_COLUMNS * L);
    }
    LaneSums.reduce(sums, BASE, height * BLOCK_COLUMNS);
    for (int r = 0; r < height; r++) {
      int to = operands.gradient(row + r, column);
      LaneSums.deliver(sums, BASE + r * BLOCK_COLUMNS, operands.gradients(), to, width, v > 0);
    }
  }
}
