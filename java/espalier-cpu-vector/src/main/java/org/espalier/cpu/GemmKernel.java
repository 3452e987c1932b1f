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
 * are packed first, up to 16 columns at a time, unless there are so few rows of them that all they
 * are multiplied by stays in the nearest cache: see {@link GemmShallow}.
 */
final class GemmKernel implements WorkerPool.Task {

  private static final int PACKED_COLUMNS = 16;

  /** Depth up to which all of a tile of X, and a column of W, stay in the nearest cache. */
  private static final int SHALLOW = 32;

  private final WorkerPool pool;
  private final float[][] packed;
  private final RowEpilogue finish = new RowEpilogue();

  private float[] weights;
  private float[] biases;
  private boolean transposed;
  private boolean shallow;
  private int depth;
  private int rows;
  private int tileRows;
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
    tileRows = GemmTile.rowsOfTile(rows, transpose);
    blockRows = transpose ? PACKED_COLUMNS / tileRows * tileRows : tileRows;
    shallow = transpose && depth <= SHALLOW;
    blocks = (rows + blockRows - 1) / blockRows;
    in = floats(x.buffer());
    inStart = start(x);
    inStride = x.stride();
    out = floats(y.buffer());
    outStart = start(y);
    outStride = y.stride();
    tiles = shallow ? Lanes.tiles(vectors) : (vectors + GemmTile.VECTORS - 1) / GemmTile.VECTORS;
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

  @Override
  public void run(int part, int worker) {
    if (shallow) {
      shallowRows((int) Split.start(rows, part, parts), (int) Split.start(rows, part + 1, parts));
    } else if (transposed && blocks >= parts) {
      int end = (int) Split.start(blocks, part + 1, parts);
      for (int block = (int) Split.start(blocks, part, parts); block < end; block++) {
        int row = block * blockRows;
        float[] columns = pack(row, worker);
        for (int tile = 0; tile < tiles; tile++) {
          block(tile, row, columns);
        }
        finish.rows(row, Math.min(rows, row + blockRows), 0, vectors);
      }
    } else {
      pairs(part, worker);
    }
  }

  /** Does (tile, block) pairs. */
  private void pairs(int part, int worker) {
    long units = (long) tiles * blocks;
    long to = Split.start(units, part + 1, parts);
    for (long unit = Split.start(units, part, parts); unit < to; unit++) {
      int tile = (int) (unit / blocks);
      int row = (int) (unit % blocks) * blockRows;
      block(tile, row, transposed ? pack(row, worker) : null);
      finish.rows(
          row,
          Math.min(rows, row + blockRows),
          (int) Split.start(vectors, tile, tiles),
          (int) Split.start(vectors, tile + 1, tiles));
    }
  }

  private void shallowRows(int from, int to) {
    for (int row = from; row < to; row += RowEpilogue.ROWS) {
      int end = Math.min(to, row + RowEpilogue.ROWS);
      for (int tile = 0; tile < tiles; tile++) {
        int v0 = (int) Split.start(vectors, tile, tiles);
        int width = (int) Split.start(vectors, tile + 1, tiles) - v0;
        int xo = inStart + v0 * L;
        int yo = outStart + v0 * L;
        GemmShallow.rows(
            width, depth, weights, BASE, rows, in, xo, inStride, out, yo, outStride, row, end);
      }
      finish.rows(row, end, 0, vectors);
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
      int from = BASE + k * rows + firstColumn;
      // past the last column stands the next row or the guard of the buffer: computed, not used
      for (int i = 0; i < PACKED_COLUMNS; i += L) {
        FloatVector.fromArray(Lanes.F, weights, from + i).intoArray(target, to + i);
      }
      to += PACKED_COLUMNS;
    }
    return target;
  }

  /** Does a block of one tile of positions; its columns are packed if the product is transposed. */
  private void block(int tile, int row, float[] columns) {
    int v0 = (int) Split.start(vectors, tile, tiles);
    GemmTile.product(
        transposed,
        Math.min(blockRows, rows - row),
        tileRows,
        (int) Split.start(vectors, tile + 1, tiles) - v0,
        depth,
        transposed ? columns : weights,
        transposed ? BASE : BASE + row * depth,
        transposed ? PACKED_COLUMNS : depth,
        in,
        inStart + v0 * L,
        inStride,
        out,
        outStart + v0 * L + row * outStride,
        outStride,
        biases,
        BASE + row);
  }
}
