/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend.host;

import java.util.Arrays;
import org.espalier.sparse.CsrMatrix;
import org.espalier.sparse.Taps;
import org.espalier.tensor.Tensor;

/**
 * Finds the free cells with the largest gradients, without the dense gradient: it is computed tile
 * by tile, first to count, then, when few enough cells remain to be listed, once more to list them.
 * One count is enough but for gradients that are very much alike.
 *
 * <p>Every gradient is computed in the same way whatever the tile, and numbers of cells and lists
 * of cells do not depend on the thread, so neither does the result.
 */
final class GradientGrowth {

  /** Candidates that are listed in any case. */
  private static final int FEW = 1 << 16;

  private final WorkerPool pool;
  private final CsrMatrix weights;
  private final int[] rowStart;
  private final int[] column;
  private final int[] flags;
  private final Tensor x;
  private final int[] offset; // of each column in x; null without a kernel
  private final Tensor dy;
  private final int panels; // tiles side by side
  private final int bands; // rows of tiles
  private final GradientTile[] tiles; // of each worker
  private final long[][] histograms; // of each worker
  private final CellSelection selection;
  private final Candidates[] candidates; // of each tile; null where there are none

  private GradientGrowth(
      WorkerPool pool, CsrMatrix weights, int[] flags, Tensor x, Tensor dy, int count) {
    this.pool = pool;
    this.weights = weights;
    this.rowStart = HostBuffer.ints(weights.rowStart());
    this.column = HostBuffer.ints(weights.column());
    this.flags = flags;
    this.x = x;
    Taps taps = weights.taps();
    this.offset = taps.isNone() ? null : taps.offsets(weights.channels(), x.stride());
    this.dy = dy;
    this.panels = (weights.columns() - 1) / GradientTile.COLUMNS + 1;
    this.bands = (weights.rows() - 1) / GradientTile.ROWS + 1;
    this.tiles = new GradientTile[pool.threads()];
    Arrays.setAll(tiles, worker -> new GradientTile());
    this.histograms = new long[pool.threads()][CellSelection.DIGITS];
    this.selection = new CellSelection((long) weights.rows() * weights.columns(), count);
    this.candidates = new Candidates[Math.multiplyExact(bands, panels)];
  }

  /** What is done with free cells of a tile that are neighbours in a row. */
  @FunctionalInterface
  private interface Sink {

    /** Takes elements {@code from} to {@code to}, of which the first is at that position. */
    void take(float[] gradients, int from, int to, long position);
  }

  /**
   * Writes the positions of {@code count} cells, ascending, to the start of the target. There are
   * at least as many free cells.
   *
   * @param flags 1 for each connection that stays
   */
  static void largest(
      WorkerPool pool,
      CsrMatrix weights,
      int[] flags,
      Tensor x,
      Tensor dy,
      int count,
      long[] target) {
    if (count > 0) {
      GradientGrowth growth = new GradientGrowth(pool, weights, flags, x, dy, count);
      growth.list(2L * count + FEW);
      growth.decide();
      growth.write(target);
    }
  }

  /** Lists the candidates, once they are not more than {@code most}. */
  private void list(long most) {
    while (selection.candidates() > most) {
      pool.run(
          candidates.length,
          (tile, worker) -> {
            long[] histogram = histograms[worker];
            forFreeCells(
                tile,
                worker,
                (gradients, from, to, position) ->
                    selection.count(gradients, from, to, position, histogram));
          });
      narrow();
    }
    pool.run(
        candidates.length,
        (tile, worker) -> {
          Candidates list = new Candidates();
          forFreeCells(
              tile,
              worker,
              (gradients, from, to, position) ->
                  selection.collect(gradients, from, to, position, list));
          candidates[tile] = list.size() == 0 ? null : list;
        });
  }

  /** Finds the last candidate that is chosen. */
  private void decide() {
    while (!selection.isExact()) {
      pool.run(
          bands,
          (band, worker) -> {
            for (int tile = band * panels; tile < (band + 1) * panels; tile++) {
              if (candidates[tile] != null) {
                selection.count(candidates[tile], histograms[worker]);
              }
            }
          });
      narrow();
    }
  }

  private void narrow() {
    selection.narrow(histograms);
    for (long[] histogram : histograms) {
      Arrays.fill(histogram, 0);
    }
  }

  /** Writes what is chosen. A band's positions are behind those of the bands before it. */
  private void write(long[] target) {
    int[] start = new int[bands + 1];
    pool.run(bands, (band, worker) -> start[band + 1] = choose(band, null, 0));
    Arrays.parallelPrefix(start, Integer::sum);
    pool.run(
        bands,
        (band, worker) -> {
          choose(band, target, start[band]);
          Arrays.sort(target, start[band], start[band + 1]);
        });
  }

  /** Counts the chosen candidates of a band, and writes their positions if a target is given. */
  private int choose(int band, long[] target, int from) {
    int at = from;
    for (int tile = band * panels; tile < (band + 1) * panels; tile++) {
      Candidates list = candidates[tile];
      for (int i = 0; list != null && i < list.size(); i++) {
        if (selection.isWanted(list.order(i), list.position(i))) {
          if (target != null) {
            target[at] = list.position(i);
          }
          at++;
        }
      }
    }
    return at - from;
  }

  private void forFreeCells(int tile, int worker, Sink sink) {
    int firstRow = tile / panels * GradientTile.ROWS;
    int firstColumn = tile % panels * GradientTile.COLUMNS;
    int rows = Math.min(GradientTile.ROWS, weights.rows() - firstRow);
    int width = Math.min(GradientTile.COLUMNS, weights.columns() - firstColumn);
    tiles[worker].compute(x, offset, firstColumn, width, dy, firstRow, rows);
    for (int r = 0; r < rows; r++) {
      forFreeCells(firstRow + r, firstColumn, width, tiles[worker].sums(r), sink);
    }
  }

  /** Hands over what is between survivors. */
  private void forFreeCells(int row, int firstColumn, int width, float[] gradients, Sink sink) {
    long position = (long) row * weights.columns() + firstColumn;
    int end = rowStart[row + 1];
    int k = Arrays.binarySearch(column, rowStart[row], end, firstColumn);
    int from = 0;
    for (k = k < 0 ? ~k : k; k < end && column[k] - firstColumn < width; k++) {
      int c = column[k] - firstColumn;
      if (flags[k] == 1) {
        take(gradients, from, c, position, sink);
        from = c + 1;
      }
    }
    take(gradients, from, width, position, sink);
  }

  private static void take(float[] gradients, int from, int to, long position, Sink sink) {
    if (from < to) {
      sink.take(gradients, HostBuffer.BASE + from, HostBuffer.BASE + to, position + from);
    }
  }
}
