/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import static org.espalier.backend.host.HostBuffer.floats;
import static org.espalier.backend.host.HostBuffer.ints;
import static org.espalier.backend.host.HostBuffer.start;

import java.util.Arrays;
import org.espalier.backend.Epilogue;
import org.espalier.backend.host.WorkerPool;
import org.espalier.sparse.CsrMatrix;
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

  private final WorkerPool pool;
  private final ReadIndexes indexes;
  private final SpmmPlans plans;
  private final TileHalo[] halos;
  private final RowEpilogue finish = new RowEpilogue();

  private int rows;
  private BlockPlan plan; // null where rows are done in one go
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
    this.plans = new SpmmPlans(pool);
    this.halos = new TileHalo[pool.threads()];
    Arrays.setAll(halos, i -> new TileHalo());
  }

  void run(CsrMatrix weights, DeviceBuffer bias, Tensor x, Tensor y, Epilogue epilogue) {
    rowStart = ints(weights.rowStart());
    plan = plans.of(weights, x.stride());
    offset = plan == null ? indexes.of(weights, x.stride()).offset() : null;
    values = floats(weights.values());
    biases = bias == null ? null : floats(bias);
    run(x, y, epilogue, weights.taps().output());
  }

  /** Does the input gradient of a convolution. */
  void runTransposed(TransposedCopy weights, Tensor dy, Tensor dx, Epilogue epilogue) {
    ReadIndex index = indexes.of(weights, dy.stride());
    rowStart = index.rowStart();
    plan = null; // connections of a row are not in the order of what they read
    offset = index.offset();
    values = floats(weights.csr().values());
    biases = null;
    run(dy, dx, epilogue, weights.taps().input());
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
    plan = null;
    rowStart = null;
    offset = null;
    values = null;
    biases = null;
    in = null;
    out = null;
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
    int last = plan == null ? 0 : plan.blocks() - 1;
    for (int block = 0; block < last; block++) {
      block(block, width, xo, yo, r0, r1);
    }
    TileHalo halo = halos[worker];
    halo.set(grid, v0 * Lanes.L, (v0 + width) * Lanes.L, positions, outStride);
    for (int row = r0; row < r1; row += RowEpilogue.ROWS) {
      int end = Math.min(r1, row + RowEpilogue.ROWS);
      if (plan == null) {
        SpmmRows.whole(
            width, rowStart, offset, values, biases, in, xo, out, yo, outStride, row, end);
      } else {
        block(last, width, xo, yo, row, end); // just before the epilogue
      }
      finish.rows(row, end, v0, v0 + width);
      for (int r = row; r < end; r++) {
        halo.clear(out, outStart + r * outStride);
      }
    }
  }

  private void block(int block, int width, int xo, int yo, int r0, int r1) {
    SpmmRows.block(
        width,
        block == 0,
        plan.visit(),
        plan.segmentAt()[block * rows + r0],
        plan.segmentAt()[block * rows + r1],
        values,
        biases,
        in,
        xo,
        out,
        yo,
        outStride);
  }
}
