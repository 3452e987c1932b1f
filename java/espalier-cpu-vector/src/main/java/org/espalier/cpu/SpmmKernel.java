/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import static org.espalier.backend.host.HostBuffer.floats;
import static org.espalier.backend.host.HostBuffer.start;

import java.util.Arrays;
import org.espalier.backend.Epilogue;
import org.espalier.backend.host.WorkerPool;
import org.espalier.sparse.CsrMatrix;
import org.espalier.sparse.Taps;
import org.espalier.sparse.TransposedCopy;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.ImageGrid;
import org.espalier.tensor.Tensor;

/**
 * SpMM: the positions are cut into tiles of at most {@link Lanes#TILE} vectors, the rows into spans
 * of equal work, the columns into blocks whose part of X stays in the nearest caches.
 */
final class SpmmKernel implements WorkerPool.Task {

  /** What a row costs beside its connections, in connections. */
  private static final int ROW_COST = 2;

  /** What a block covers of X at least. */
  private static final int BLOCK_BYTES = 64 * 1024;

  /** Connections of a row that a block holds on average, to be worth the trip of y to memory. */
  private static final int BLOCK_CONNECTIONS = 24;

  private final WorkerPool pool;
  private final ReadIndexes indexes;
  private final int[][] cursors;
  private final TileHalo[] halos;
  private final RowEpilogue finish = new RowEpilogue();

  private int rows;
  private int inSize; // what offsets are below
  private int block; // of them
  private int[] rowStart;
  private int[] offset;
  private float[] values;
  private float[] biases;
  private float[] in;
  private int inStart;
  private float[] out;
  private int outStart;
  private int outStride;
  private ImageGrid grid; // of the result, or null
  private int positions;
  private int vectors;
  private int tiles;
  private int parts;

  SpmmKernel(WorkerPool pool, ReadIndexes indexes) {
    this.pool = pool;
    this.indexes = indexes;
    this.cursors = new int[pool.threads()][0];
    this.halos = new TileHalo[pool.threads()];
    Arrays.setAll(halos, i -> new TileHalo());
  }

  void run(CsrMatrix weights, DeviceBuffer bias, Tensor x, Tensor y, Epilogue epilogue) {
    Taps taps = weights.taps();
    open(indexes.of(weights, x.stride()), x);
    values = floats(weights.values());
    biases = bias == null ? null : floats(bias);
    block = block(x, y, taps.reach());
    run(x, y, epilogue, taps.output());
  }

  /** Does the input gradient of a convolution. */
  void runTransposed(TransposedCopy weights, Tensor dy, Tensor dx, Epilogue epilogue) {
    open(indexes.of(weights, dy.stride()), dy);
    values = floats(weights.csr().values());
    biases = null;
    block = inSize; // connections of a row are not in the order of what they read
    run(dy, dx, epilogue, weights.taps().input());
  }

  private void open(ReadIndex index, Tensor x) {
    rowStart = index.rowStart();
    offset = index.offset();
    inSize = x.rows() * x.stride();
  }

  private void run(Tensor x, Tensor y, Epilogue epilogue, ImageGrid pixels) {
    vectors = Lanes.vectors(x, y);
    rows = y.rows();
    in = floats(x.buffer());
    inStart = start(x);
    grid = pixels;
    positions = y.positions();
    out = floats(y.buffer());
    outStart = start(y);
    outStride = y.stride();
    tiles = Lanes.tiles(vectors);
    if (vectors > 0 && rows > 0) {
      parts = Split.parts(pool, (rowStart[rows] + (long) ROW_COST * rows) * vectors);
      finish.open(epilogue, y);
      pool.run(parts, this);
      finish.close();
    }
    rowStart = null;
    offset = null;
    values = null;
    biases = null;
    in = null;
    out = null;
  }

  /** Returns how many offsets make a block: those of some rows of X. */
  private int block(Tensor x, Tensor y, int reach) {
    int all = Lanes.vectors(x, y);
    int inputs = x.rows();
    if (all == 0 || inputs == 0 || y.rows() == 0) {
      return inSize;
    }
    int widest = (all + Lanes.tiles(all) - 1) / Lanes.tiles(all);
    int tileBytes = (widest * Lanes.L + 2 * reach) * Float.BYTES;
    double connections = rowStart[y.rows()] / (double) y.rows();
    double least = Math.max(BLOCK_BYTES / tileBytes, BLOCK_CONNECTIONS * inputs / connections);
    double blocks = Math.floor(inputs / least);
    return blocks < 2 ? inSize : (int) Math.ceil(inputs / blocks) * (inSize / inputs);
  }

  /** Does a stretch of the (tile, row) pairs, ordered by tile, cut by work. */
  @Override
  public void run(int part, int worker) {
    long tileCost = rowStart[rows] + (long) ROW_COST * rows;
    long from = Split.start(tiles * tileCost, part, parts);
    long to = Split.start(tiles * tileCost, part + 1, parts);
    while (from < to) {
      int tile = (int) (from / tileCost);
      long tileStart = tile * tileCost;
      long until = Math.min(to, tileStart + tileCost);
      tile(tile, row(from - tileStart), row(until - tileStart), worker);
      from = until;
    }
  }

  /** Returns the first row that has so much work before it. */
  private int row(long cost) {
    int low = 0;
    int high = rows;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (rowStart[middle] + (long) ROW_COST * middle < cost) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private void tile(int tile, int r0, int r1, int worker) {
    int v0 = (int) Split.start(vectors, tile, tiles);
    int width = (int) Split.start(vectors, tile + 1, tiles) - v0;
    int xo = inStart + v0 * Lanes.L;
    int yo = outStart + v0 * Lanes.L;
    boolean whole = block >= inSize;
    if (!whole) {
      allButLastBlock(width, xo, yo, r0, r1, worker);
    }
    TileHalo halo = halos[worker];
    halo.set(grid, v0 * Lanes.L, (v0 + width) * Lanes.L, positions, outStride);
    for (int row = r0; row < r1; row += RowEpilogue.ROWS) {
      int end = Math.min(r1, row + RowEpilogue.ROWS);
      if (whole) {
        SpmmRows.whole(
            width, rowStart, offset, values, biases, in, xo, out, yo, outStride, row, end);
      } else {
        rowsUpTo(width, false, Integer.MAX_VALUE, cursors[worker], xo, yo, row, end);
      }
      finish.rows(row, end, v0, v0 + width);
      for (int r = row; r < end; r++) {
        halo.clear(out, outStart + r * outStride);
      }
    }
  }

  /** Leaves the last block of every row to be done just before the epilogue. */
  private void allButLastBlock(int width, int xo, int yo, int r0, int r1, int worker) {
    if (cursors[worker].length < rows) {
      cursors[worker] = new int[rows];
    }
    int[] cursor = cursors[worker];
    System.arraycopy(rowStart, r0, cursor, r0, r1 - r0);
    for (long limit = block; limit < inSize; limit += block) {
      rowsUpTo(width, limit == block, (int) limit, cursor, xo, yo, r0, r1);
    }
  }

  private void rowsUpTo(
      int width, boolean first, int limit, int[] cursor, int xo, int yo, int r0, int r1) {
    SpmmRows.parts(
        width, first, limit, cursor, rowStart, offset, values, biases, in, xo, out, yo, outStride,
        r0, r1);
  }
}
