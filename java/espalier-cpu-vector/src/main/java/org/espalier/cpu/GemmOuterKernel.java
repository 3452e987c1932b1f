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
  private final ColumnReads reads = new ColumnReads();
  private final float[][] copies;
  private final float[][] blocks;
  private final float[][] panels;
  private final float[][] results;

  private int rows;
  private int columns;
  private int tileRows;
  private int groups;
  private float[] in;
  private int inStart;
  private float[] dOut;
  private int dOutStart;
  private int dOutStride;
  private float[] gradients;
  private int positions;
  private int parts;

  GemmOuterKernel(WorkerPool pool) {
    this.pool = pool;
    this.copies = new float[pool.threads()][BASE + L * STRIDE];
    this.blocks = new float[pool.threads()][TileTransposition.SCRATCH];
    this.panels = new float[pool.threads()][BASE + CHUNK * WIDTH];
    this.results = new float[pool.threads()][BASE + GROUP * GemmTile.ROWS * WIDTH];
  }

  /**
   * Computes the gradient.
   *
   * @param gradient rows of dy by what the taps read of x, row-major
   */
  void run(Taps taps, Tensor x, Tensor dy, DeviceBuffer gradient) {
    int vectors = Lanes.vectors(x, dy);
    rows = dy.rows();
    reads.set(taps, x, WIDTH);
    columns = reads.columns();
    positions = dy.positions();
    gradients = floats(gradient);
    if (positions == 0) {
      Arrays.fill(gradients, BASE, BASE + rows * columns, 0);
    }
    if (positions == 0 || rows == 0 || columns == 0) {
      return;
    }
    tileRows = GemmTile.rowsOfTile(rows, false);
    groups = (rows - 1) / (GROUP * tileRows) + 1;
    in = floats(x.buffer());
    inStart = start(x);
    dOut = floats(dy.buffer());
    dOutStart = start(dy);
    dOutStride = dy.stride();
    parts = (int) Math.min(Split.parts(pool, (long) rows * columns * vectors), units());
    pool.run(parts, this);
    in = null;
    dOut = null;
    gradients = null;
  }

  private long units() {
    return (long) ((columns - 1) / WIDTH + 1) * groups;
  }

  @Override
  public void run(int part, int worker) {
    long from = Split.start(units(), part, parts);
    long to = Split.start(units(), part + 1, parts);
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
    int count = Math.min(WIDTH, columns - column);
    for (int c = 0; c < count; c += L) {
      for (int i = 0; i < L; i++) {
        int at = inStart + reads.starts()[column + c + i] + p;
        System.arraycopy(in, at, copy, BASE + i * STRIDE, depth);
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
    int height = Math.min(GROUP * tileRows, rows - row);
    int width = Math.min(WIDTH, columns - column);
    float[] result = results[worker];
    GemmTile.product(
        false,
        height,
        tileRows,
        (width - 1) / L + 1,
        depth,
        dOut,
        dOutStart + row * dOutStride + p,
        dOutStride,
        panels[worker],
        BASE,
        WIDTH,
        result,
        BASE,
        WIDTH,
        null,
        BASE);
    for (int r = 0; r < height; r++) {
      int to = BASE + (row + r) * columns + column;
      LaneSums.deliver(result, BASE + r * WIDTH, gradients, to, width, p > 0);
    }
  }
}
