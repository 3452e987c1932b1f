/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import static org.espalier.backend.host.HostBuffer.BASE;
import static org.espalier.cpu.Lanes.L;

import org.espalier.backend.host.WorkerPool;
import org.espalier.sparse.Taps;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.Tensor;

/**
 * Weight gradient of a dense layer of many outputs: a sum over the positions of outer products of a
 * column of dY with a column of X. Some rows of X are transposed into a panel, which stays in the
 * nearest caches while all rows of dY go by; with the panel in the place of X it is a forward
 * product, see {@link GemmTile}. No lanes have to be summed, as {@link GemmDotsKernel} has to, and
 * padding is not read.
 */
final class GemmOuterKernel implements WorkerPool.Task {

  /** Rows of dY from which on a panel is worth its transposition. */
  static final int LEAST_ROWS = 24;

  /** Columns of a panel. */
  private static final int WIDTH = GemmTile.VECTORS * L;

  /** Positions of a panel at most: 16 KB with 8 lanes, 64 KB with 16. */
  private static final int CHUNK = 256;

  /** Distance of rows to be transposed: a line more, so that they do not share a set. */
  private static final int STRIDE = CHUNK + 16;

  /** Tiles of rows that go by for each look at where the results belong. */
  private static final int GROUP = 8;

  private static final float[] IDENTITY = TileTransposition.identity(CHUNK);

  private final WorkerPool pool;
  private final GemmGradientOperands operands = new GemmGradientOperands();
  private final float[][] copies;
  private final float[][] blocks;
  private final float[][] panels;
  private final float[][] results;

  private int tileRows;
  private int groups;
  private int parts;

  GemmOuterKernel(WorkerPool pool) {
    this.pool = pool;
    this.copies = new float[pool.threads()][BASE + L * STRIDE];
    this.blocks = new float[pool.threads()][TileTransposition.SCRATCH];
    this.panels = new float[pool.threads()][BASE + CHUNK * WIDTH];
    this.results = new float[pool.threads()][BASE + GROUP * GemmTile.ROWS * WIDTH];
  }

  void run(Taps taps, Tensor x, Tensor dy, DeviceBuffer gradient) {
    if (operands.open(taps, x, dy, gradient, WIDTH)) {
      tileRows = GemmTile.rowsOfTile(operands.rows(), false);
      groups = (operands.rows() - 1) / (GROUP * tileRows) + 1;
      parts = (int) Math.min(Split.parts(pool, operands.work()), units());
      pool.run(parts, this);
    }
    operands.close();
  }

  private long units() {
    return (long) ((operands.columns() - 1) / WIDTH + 1) * groups;
  }

  @Override
  public void run(int part, int worker) {
    long from = Split.start(units(), part, parts);
    long to = Split.start(units(), part + 1, parts);
    int positions = operands.positions();
    for (int p = 0; p < positions; p += CHUNK) { // so that dY stays in the second-level cache
      int depth = Math.min(CHUNK, positions - p);
      for (long unit = from; unit < to; unit++) {
        int column = (int) (unit / groups) * WIDTH;
        if (unit == from || unit % groups == 0) {
          fill(column, p, depth, worker);
        }
        group((int) (unit % groups) * GROUP * tileRows, column, p, depth, worker);
      }
    }
  }

  /** Transposes some rows of X. */
  private void fill(int column, int p, int depth, int worker) {
    float[] copy = copies[worker];
    int count = Math.min(WIDTH, operands.columns() - column);
    for (int c = 0; c < count; c += L) {
      for (int i = 0; i < L; i++) {
        int at = operands.inStart() + operands.reads()[column + c + i] + p;
        System.arraycopy(operands.in(), at, copy, BASE + i * STRIDE, depth);
      }
      TileTransposition.run(
          copy,
          BASE,
          STRIDE,
          depth,
          IDENTITY,
          BASE,
          BASE + CHUNK,
          blocks[worker],
          panels[worker],
          BASE + c,
          WIDTH);
    }
  }

  /** Does some tiles of rows by one panel. */
  private void group(int row, int column, int p, int depth, int worker) {
    int height = Math.min(GROUP * tileRows, operands.rows() - row);
    int width = Math.min(WIDTH, operands.columns() - column);
    float[] result = results[worker];
    GemmTile.product(
        false,
        height,
        tileRows,
        (width - 1) / L + 1,
        depth,
        operands.dOut(),
        operands.dOutStart(row) + p,
        operands.dOutStride(),
        panels[worker],
        BASE,
        WIDTH,
        result,
        BASE,
        WIDTH,
        null,
        BASE);
    for (int r = 0; r < height; r++) {
      int to = operands.gradient(row + r, column);
      LaneSums.deliver(result, BASE + r * WIDTH, operands.gradients(), to, width, p > 0);
    }
  }
}
