/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import static org.espalier.backend.host.HostBuffer.floats;
import static org.espalier.backend.host.HostBuffer.ints;
import static org.espalier.backend.host.HostBuffer.start;

import org.espalier.backend.Epilogue;
import org.espalier.backend.host.WorkerPool;
import org.espalier.sparse.CsrMatrix;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.Tensor;

/**
 * SpMM: the positions are cut into tiles of at most 8 vectors, the rows into spans of equal work,
 * the columns into blocks whose part of X stays in the first-level cache.
 */
final class SpmmKernel implements WorkerPool.Task {

  private static final int TILE = 8;

  /** What a row costs beside its connections, in connections. */
  private static final int ROW_COST = 2;

  /** What a block covers of X at least. */
  private static final int BLOCK_BYTES = 128 * 1024;

  /** Connections of a row that a block holds on average, to be worth the trip of y to memory. */
  private static final int BLOCK_CONNECTIONS = 8;

  /** Rows between two epilogues: half a first-level cache full. */
  private static final int FINISHED_ROWS = 32;

  private final WorkerPool pool;
  private final int[][] cursors;
  private final RowEpilogue finish = new RowEpilogue();

  private int rows;
  private int columns;
  private int blockColumns;
  private int[] rowStart;
  private int[] column;
  private float[] values;
  private float[] biases;
  private float[] in;
  private int inStart;
  private int inStride;
  private float[] out;
  private int outStart;
  private int outStride;
  private int vectors;
  private int tiles;
  private int parts;

  SpmmKernel(WorkerPool pool) {
    this.pool = pool;
    this.cursors = new int[pool.threads()][0];
  }

  void run(CsrMatrix weights, DeviceBuffer bias, Tensor x, Tensor y, Epilogue epilogue) {
    vectors = Lanes.vectors(x, y);
    rows = weights.rows();
    if (vectors == 0 || rows == 0) {
      return;
    }
    columns = weights.columns();
    rowStart = ints(weights.rowStart());
    column = ints(weights.column());
    values = floats(weights.values());
    biases = bias == null ? null : floats(bias);
    in = floats(x.buffer());
    inStart = start(x);
    inStride = x.stride();
    out = floats(y.buffer());
    outStart = start(y);
    outStride = y.stride();
    tiles = (vectors + TILE - 1) / TILE;
    blockColumns = blockColumns(weights);
    parts = Split.parts(pool, (weights.nnz() + (long) ROW_COST * rows) * vectors);
    finish.open(epilogue, y);
    pool.run(parts, this);
    finish.close();
    rowStart = null;
    column = null;
    values = null;
    biases = null;
    in = null;
    out = null;
  }

  private int blockColumns(CsrMatrix weights) {
    int tileBytes = (vectors + tiles - 1) / tiles * Lanes.L * Float.BYTES;
    double connections = weights.nnz() / (double) rows;
    double least = Math.max(BLOCK_BYTES / tileBytes, BLOCK_CONNECTIONS * columns / connections);
    double blocks = Math.floor(columns / least);
    return blocks < 2 ? columns : (int) Math.ceil(columns / blocks);
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
    if (cursors[worker].length < rows) {
      cursors[worker] = new int[rows];
    }
    int[] cursor = cursors[worker];
    System.arraycopy(rowStart, r0, cursor, r0, r1 - r0);
    boolean first = true;
    for (int limit = blockColumns; limit < columns; limit += blockColumns) {
      rows(width, first, limit, cursor, xo, yo, r0, r1);
      first = false;
    }
    for (int row = r0; row < r1; row += FINISHED_ROWS) {
      int end = Math.min(r1, row + FINISHED_ROWS);
      rows(width, first, columns, cursor, xo, yo, row, end);
      finish.rows(row, end, v0, v0 + width);
    }
  }

  private void rows(
      int width, boolean first, int limit, int[] cursor, int xo, int yo, int r0, int r1) {
    int xs = inStride;
    int ys = outStride;
    switch (width) {
      case 1 ->
          SpmmRows.rows1(
              first, limit, cursor, rowStart, column, values, biases, in, xo, xs, out, yo, ys, r0,
              r1);
      case 2 ->
          SpmmRows.rows2(
              first, limit, cursor, rowStart, column, values, biases, in, xo, xs, out, yo, ys, r0,
              r1);
      case 3 ->
          SpmmRows.rows3(
              first, limit, cursor, rowStart, column, values, biases, in, xo, xs, out, yo, ys, r0,
              r1);
      case 4 ->
          SpmmRows.rows4(
              first, limit, cursor, rowStart, column, values, biases, in, xo, xs, out, yo, ys, r0,
              r1);
      case 5 ->
          SpmmRows.rows5(
              first, limit, cursor, rowStart, column, values, biases, in, xo, xs, out, yo, ys, r0,
              r1);
      case 6 ->
          SpmmRows.rows6(
              first, limit, cursor, rowStart, column, values, biases, in, xo, xs, out, yo, ys, r0,
              r1);
      case 7 ->
          SpmmRows.rows7(
              first, limit, cursor, rowStart, column, values, biases, in, xo, xs, out, yo, ys, r0,
              r1);
      default ->
          SpmmRows.rows8(
              first, limit, cursor, rowStart, column, values, biases, in, xo, xs, out, yo, ys, r0,
              r1);
    }
  }
}
