/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import static org.espalier.backend.host.HostBuffer.BASE;
import static org.espalier.backend.host.HostBuffer.floats;
import static org.espalier.backend.host.HostBuffer.start;
import static org.espalier.cpu.Lanes.L;

import jdk.incubator.vector.FloatVector;
import org.espalier.backend.Epilogue;
import org.espalier.backend.host.WorkerPool;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.Tensor;

/**
 * Dense product with a matrix or its transpose, cut into blocks of a few rows by one tile of
 * positions; neighbouring blocks of a part share the tile, which stays in the second-level cache.
 *
 * <p>The weights of a transposed product lie a whole row apart, a cache line for every number. They
 * are packed first, 16 columns at a time: one load and store for 64 fma.
 */
final class GemmKernel implements WorkerPool.Task {

  private static final int TILE_ROWS = 4;
  private static final int PACKED_COLUMNS = 16;

  /** Vectors of a tile: 4 x 4 accumulators need 32 registers, which 16 lanes come with. */
  private static final int TILE_VECTORS = L == 16 ? 4 : 2;

  private final WorkerPool pool;
  private final float[][] packed;
  private final RowEpilogue finish = new RowEpilogue();

  private float[] weights;
  private float[] biases;
  private int weightColumns;
  private boolean transposed;
  private int depth;
  private int rows;
  private int blockRows;
  private int blocks;
  private float[] in;
  private int inStart;
  private int inStride;
  private float[] out;
  private int outStart;
  private int outStride;
  private int vectors;
  private int tiles;
  private int parts;

  GemmKernel(WorkerPool pool) {
    this.pool = pool;
    this.packed = new float[pool.threads()][0];
  }

  /**
   * Multiplies.
   *
   * @param matrix row-major from element BASE on, and {@link Tensor#ROW_ALIGNMENT} numbers of
   *     anything behind it; rows of y by rows of x, or the other way round if transpose is set
   */
  void run(
      float[] matrix, boolean transpose, DeviceBuffer bias, Tensor x, Tensor y, Epilogue epilogue) {
    vectors = Lanes.vectors(x, y);
    rows = y.rows();
    if (vectors == 0 || rows == 0) {
      return;
    }
    weights = matrix;
    biases = bias == null ? null : floats(bias);
    transposed = transpose;
    depth = x.rows();
    weightColumns = transpose ? rows : depth;
    blockRows = transpose ? PACKED_COLUMNS : TILE_ROWS;
    blocks = (rows + blockRows - 1) / blockRows;
    in = floats(x.buffer());
    inStart = start(x);
    inStride = x.stride();
    out = floats(y.buffer());
    outStart = start(y);
    outStride = y.stride();
    tiles = (vectors + TILE_VECTORS - 1) / TILE_VECTORS;
    long work = (long) rows * (depth + 1) * vectors;
    parts = (int) Math.min(Split.parts(pool, work), (long) tiles * blocks);
    finish.open(epilogue, y);
    pool.run(parts, this);
    finish.close();
    weights = null;
    biases = null;
    in = null;
    out = null;
  }

  /** Does whole blocks of rows where there are enough of them, else (tile, block) pairs. */
  @Override
  public void run(int part, int worker) {
    if (transposed && blocks >= parts) {
      int end = (int) Split.start(blocks, part + 1, parts);
      for (int block = (int) Split.start(blocks, part, parts); block < end; block++) {
        int row = block * blockRows;
        float[] columns = pack(row, worker);
        for (int tile = 0; tile < tiles; tile++) {
          packedBlock(tile, row, columns);
        }
        finish.rows(row, Math.min(rows, row + blockRows), 0, vectors);
      }
      return;
    }
    long units = (long) tiles * blocks;
    long to = Split.start(units, part + 1, parts);
    for (long unit = Split.start(units, part, parts); unit < to; unit++) {
      int tile = (int) (unit / blocks);
      int row = (int) (unit % blocks) * blockRows;
      if (transposed) {
        packedBlock(tile, row, pack(row, worker));
      } else {
        tile(tile, row, rows - 1, weights, BASE + row * depth, depth, 1);
      }
      finish.rows(
          row,
          Math.min(rows, row + blockRows),
          (int) Split.start(vectors, tile, tiles),
          (int) Split.start(vectors, tile + 1, tiles));
    }
  }

  /** Gathers 16 columns of the matrix from one on, 16 numbers for each row. */
  private float[] pack(int firstColumn, int worker) {
    if (packed[worker].length < BASE + depth * PACKED_COLUMNS) {
      packed[worker] = new float[BASE + depth * PACKED_COLUMNS];
    }
    float[] target = packed[worker];
    int to = BASE;
    for (int k = 0; k < depth; k++) {
      int from = BASE + k * weightColumns + firstColumn;
      // past the last column stands the next row or the guard of the buffer: computed, not used
      for (int i = 0; i < PACKED_COLUMNS; i += L) {
        FloatVector.fromArray(Lanes.F, weights, from + i).intoArray(target, to + i);
      }
      to += PACKED_COLUMNS;
    }
    return target;
  }

  private void packedBlock(int tile, int firstRow, float[] block) {
    int last = Math.min(rows, firstRow + PACKED_COLUMNS) - 1;
    for (int row = firstRow; row <= last; row += TILE_ROWS) {
      tile(tile, row, last, block, BASE + row - firstRow, 1, PACKED_COLUMNS);
    }
  }

  /** Does 4 rows; those after the last repeat it. */
  private void tile(int tile, int row, int last, float[] w, int w0, int rowStep, int step) {
    int v0 = (int) Split.start(vectors, tile, tiles);
    int width = (int) Split.start(vectors, tile + 1, tiles) - v0;
    int i1 = Math.min(1, last - row);
    int i2 = Math.min(2, last - row);
    int i3 = Math.min(3, last - row);
    int w1 = w0 + i1 * rowStep;
    int w2 = w0 + i2 * rowStep;
    int w3 = w0 + i3 * rowStep;
    int xo = inStart + v0 * L;
    int xs = inStride;
    int y0 = outStart + v0 * L + row * outStride;
    int y1 = y0 + i1 * outStride;
    int y2 = y0 + i2 * outStride;
    int y3 = y0 + i3 * outStride;
    int b0 = BASE + row;
    int b1 = b0 + i1;
    int b2 = b0 + i2;
    int b3 = b0 + i3;
    GemmTile.tile(
        width, depth, w, w0, w1, w2, w3, step, in, xo, xs, out, y0, y1, y2, y3, biases, b0, b1, b2,
        b3);
  }
}
