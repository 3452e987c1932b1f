/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import static org.espalier.backend.host.HostBuffer.floats;
import static org.espalier.backend.host.HostBuffer.ints;
import static org.espalier.backend.host.HostBuffer.start;
import static org.espalier.cpu.Lanes.L;

import java.util.Arrays;
import org.espalier.sparse.CsrMatrix;
import org.espalier.tensor.Tensor;

/**
 * The gradients of a stretch of connections, added up tile by tile over the positions. Connections
 * go in groups: {@link SddmmDots} leaves what {@link LaneSums} needs of each in a scratch array in
 * the first-level cache.
 */
final class SddmmTiles {

  /** Connections of a group: 4 KB of scratch. */
  private static final int GROUP = 256;

  private static final int TILE = 8;

  private final TapIndexes indexes;
  private final float[][] scratch;
  private final int[] fullMask = new int[L];
  private final int[] tailMask = new int[L];
  private final int[] window = SddmmSegments.window();

  private int rows;
  private int[] rowStart;
  private int[] column;
  private float[] in;
  private int inStart;
  private int inStep; // what column indices are multiplied with
  private float[] dOut;
  private int dOutStart;
  private int dOutStride;
  private int vectors;
  private int tiles;

  SddmmTiles(int workers, TapIndexes indexes) {
    this.indexes = indexes;
    this.scratch = new float[workers][];
    Arrays.setAll(scratch, i -> LaneSums.scratch(GROUP));
    Lanes.fillTailMask(fullMask, L);
  }

  /** Takes up the operands of a product. */
  void open(CsrMatrix pattern, Tensor x, Tensor dy) {
    vectors = Lanes.vectors(x, dy);
    rows = pattern.rows();
    rowStart = ints(pattern.rowStart());
    if (pattern.taps().isNone()) {
      column = ints(pattern.column());
      inStep = x.stride();
    } else {
      column = indexes.of(pattern, x.stride()).offset();
      inStep = 1;
    }
    in = floats(x.buffer());
    inStart = start(x);
    dOut = floats(dy.buffer());
    dOutStart = start(dy);
    dOutStride = dy.stride();
    tiles = (vectors + TILE - 1) / TILE;
    Lanes.fillTailMask(tailMask, x.positions());
  }

  /** Lets go of the operands. */
  void close() {
    rowStart = null;
    column = null;
    in = null;
    dOut = null;
  }

  int vectors() {
    return vectors;
  }

  int tiles() {
    return tiles;
  }

  /** Returns how many bytes of a row of X the widest tile covers. */
  int tileBytes() {
    return tiles == 0 ? 0 : (vectors + tiles - 1) / tiles * L * Float.BYTES;
  }

  /** Returns the first row that starts at this entry or after it, or the number of rows. */
  int rowFrom(int entry) {
    int low = 0;
    int high = rows;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (rowStart[middle] < entry) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Leaves the gradients of entries {@code from} to {@code to} at {@code target[at...]}. */
  void gradients(int from, int to, int worker, float[] target, int at) {
    if (vectors == 0) {
      Arrays.fill(target, at, at + to - from, 0);
      return;
    }
    int row = rowFrom(from + 1) - 1;
    for (int tile = 0; tile < tiles; tile++) {
      entries(tile, row, from, to, scratch[worker], target, at - from);
    }
  }

  /** Leaves the gradients of a panel at {@code target[at...]}, with L elements of room behind. */
  void gradients(SddmmPlan plan, int panel, int worker, float[] target, int at) {
    for (int tile = 0; tile < tiles; tile++) {
      panel(tile, plan, panel, scratch[worker], target, at);
    }
  }

  private void panel(int tile, SddmmPlan plan, int panel, float[] sums, float[] target, int at) {
    int[] starts = plan.segmentStart();
    int v0 = (int) Split.start(vectors, tile, tiles);
    int width = (int) Split.start(vectors, tile + 1, tiles) - v0;
    int[] mask = tile == tiles - 1 ? tailMask : fullMask;
    int rowsOfPanel = plan.rows(panel);
    int first = plan.firstSegment()[panel];
    int xo = inStart + v0 * L;
    for (int block = 0; block < plan.blocks(); block++) {
      int dyo = dOutStart + v0 * L + (plan.firstRow()[panel] - first) * dOutStride;
      int to = starts[first + rowsOfPanel];
      int segment = first;
      for (int g0 = starts[first]; g0 < to; g0 += GROUP) {
        int g1 = Math.min(to, g0 + GROUP);
        int last = dots(width, segment, g0, g1, starts, plan.column(), xo, dyo, mask, sums);
        LaneSums.finish(g1 - g0, sums);
        int shift = LaneSums.FIRST - g0;
        int[] shifts = plan.segmentShift();
        SddmmSegments.deliver(
            g0, g1, segment, starts, shifts, sums, shift, target, at, tile > 0, window);
        segment = last;
      }
      first += rowsOfPanel;
      xo += plan.blockColumns() * inStep;
    }
  }

  /** Does entries {@code from} to {@code to}, the first of them in this row. */
  private void entries(
      int tile, int firstRow, int from, int to, float[] sums, float[] target, int shift) {
    int v0 = (int) Split.start(vectors, tile, tiles);
    int width = (int) Split.start(vectors, tile + 1, tiles) - v0;
    int xo = inStart + v0 * L;
    int dyo = dOutStart + v0 * L;
    int[] mask = tile == tiles - 1 ? tailMask : fullMask;
    int row = firstRow;
    for (int g0 = from; g0 < to; g0 += GROUP) {
      int g1 = Math.min(to, g0 + GROUP);
      row = dots(width, row, g0, g1, rowStart, column, xo, dyo, mask, sums);
      LaneSums.finish(g1 - g0, sums);
      LaneSums.deliver(sums, LaneSums.FIRST, target, shift + g0, g1 - g0, tile > 0);
    }
  }

  /**
   * Leaves in a scratch array what is needed of entries {@code g0} to {@code g1}.
   *
   * @param starts where the rows start in {@code columns}, or the segments of a block, which are
   *     just like rows
   * @return the row or segment that the last entry is in
   */
  private int dots(
      int width,
      int row,
      int g0,
      int g1,
      int[] starts,
      int[] columns,
      int xo,
      int dyo,
      int[] mask,
      float[] sums) {
    int xs = inStep;
    int ds = dOutStride;
    return switch (width) {
      case 1 ->
          SddmmDots.dots1(row, g0, g1, starts, columns, in, xo, xs, dOut, dyo, ds, mask, sums);
      case 2 ->
          SddmmDots.dots2(row, g0, g1, starts, columns, in, xo, xs, dOut, dyo, ds, mask, sums);
      case 3 ->
          SddmmDots.dots3(row, g0, g1, starts, columns, in, xo, xs, dOut, dyo, ds, mask, sums);
      case 4 ->
          SddmmDots.dots4(row, g0, g1, starts, columns, in, xo, xs, dOut, dyo, ds, mask, sums);
      case 5 ->
          SddmmDots.dots5(row, g0, g1, starts, columns, in, xo, xs, dOut, dyo, ds, mask, sums);
      case 6 ->
          SddmmDots.dots6(row, g0, g1, starts, columns, in, xo, xs, dOut, dyo, ds, mask, sums);
      case 7 ->
          SddmmDots.dots7(row, g0, g1, starts, columns, in, xo, xs, dOut, dyo, ds, mask, sums);
      default ->
          SddmmDots.dots8(row, g0, g1, starts, columns, in, xo, xs, dOut, dyo, ds, mask, sums);
    };
  }
}
