/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend.portable;

import static org.espalier.backend.host.HostBuffer.BASE;
import static org.espalier.backend.host.HostBuffer.floats;
import static org.espalier.backend.host.HostBuffer.start;

import java.util.Arrays;
import org.espalier.backend.Epilogue;
import org.espalier.backend.host.Halo;
import org.espalier.tensor.ImageGrid;
import org.espalier.tensor.Tensor;

/**
 * Products whose columns read by taps, forward and transposed: a tile of positions after the other,
 * each by one thread with row arrays of its own. A result does not depend on the tile it is in.
 */
final class TapProduct {

  /** Width below which tiles are not cut to occupy more threads. */
  private static final int NARROWEST = 64;

  /** Tiles for each thread, where there are enough positions. */
  private static final int TILES_PER_THREAD = 4;

  private final Team team;
  private final float[][][] arrays;
  private final RowSum[] sums;
  private final RowDelivery delivery;

  /** Adds up a row of the product. */
  @FunctionalInterface
  interface Adder {

    /** Adds what row {@code row} of the weights makes of the row arrays. */
    void add(RowSum sum, int row, float[][] arrays, int width);
  }

  TapProduct(Team team) {
    this.team = team;
    this.arrays = new float[team.threads()][0][];
    this.sums = new RowSum[team.threads()];
    Arrays.setAll(sums, i -> new RowSum());
    this.delivery = new RowDelivery(team);
  }

  /**
   * Computes a product.
   *
   * @param rows what of x is in each row array
   * @param bias of each row of the result, or null
   * @param grid of the result
   * @param work numbers handled for each position
   */
  void run(
      TapRows rows,
      Tensor x,
      float[] bias,
      Tensor y,
      ImageGrid grid,
      Epilogue epilogue,
      long work,
      Adder adder) {
    int positions = y.positions();
    int tile = tile(rows.count(), positions);
    int tiles = (positions + tile - 1) / tile;
    team.spread(
        tiles,
        work * positions,
        (first, last, worker) -> {
          if (arrays[worker].length < rows.count()) {
            arrays[worker] = Arrays.copyOf(arrays[worker], rows.count());
          }
          for (int t = first; t < last; t++) {
            int from = t * tile;
            int width = Math.min(tile, positions - from);
            rows.load(x, from, width, arrays[worker]);
            rowsOfTile(bias, y, grid, epilogue, adder, from, width, worker);
          }
        });
  }

  /** Returns the width of tiles: so that the row arrays of all threads are a bounded number. */
  private int tile(int count, int positions) {
    int threads = team.threads();
    int share = positions / (TILES_PER_THREAD * threads);
    int width = Math.max(NARROWEST, Tensor.strideFor(share));
    int fitting = RowArrays.tile((int) Math.min((long) count * threads, 1 << 30), positions);
    return Math.max(1, Math.min(width, fitting));
  }

  private void rowsOfTile(
      float[] bias,
      Tensor y,
      ImageGrid grid,
      Epilogue epilogue,
      Adder adder,
      int from,
      int width,
      int worker) {
    RowSum sum = sums[worker];
    float[] target = floats(y.buffer());
    for (int r = 0; r < y.rows(); r++) {
      sum.fill(bias == null ? 0 : bias[BASE + r], width);
      adder.add(sum, r, arrays[worker], width);
      delivery.deliver(epilogue, sum.values(), y, r, from, width, worker);
      int row = start(y) + r * y.stride();
      Halo.clear(target, row, from, from + width, y.positions(), y.stride(), grid);
    }
  }
}
