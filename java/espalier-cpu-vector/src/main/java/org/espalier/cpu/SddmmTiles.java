/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import static org.espalier.backend.host.HostBuffer.floats;
import static org.espalier.backend.host.HostBuffer.start;
import static org.espalier.cpu.Lanes.L;

import java.util.Arrays;
import org.espalier.tensor.Tensor;

/**
 * The gradients of a panel of connections, added up tile by tile over the positions. For each
 * connection of the panel {@link SddmmDots} leaves in a scratch array what {@link LaneSums} needs.
 */
final class SddmmTiles {

  /**
   * Connections taken before they are summed, if they come in the order of the panel: so many that
   * beginning anew costs little, so few that their scratch memory takes little of the cache.
   */
  private static final int STRETCH = 2048;

  private final long[][] scratch;
  private final int[] wholeWindow = new int[L];
  private final int[] lastWindow = new int[L];

  private float[] in;
  private int inStart;
  private float[] dOut;
  private int dOutStart;
  private int dOutStride;
  private int vectors;
  private int tiles;

  SddmmTiles(int workers) {
    this.scratch = new long[workers][0];
    Arrays.fill(wholeWindow, -1);
  }

  /** Returns how many bytes of a row of so many vectors a tile covers at most. */
  static int bytes(int vectors) {
    return Math.min(Lanes.TILE, vectors) * L * Float.BYTES;
  }

  /** Takes up the operands of a product. */
  void open(Tensor x, Tensor dy) {
    vectors = Lanes.vectors(x, dy);
    in = floats(x.buffer());
    inStart = start(x);
    dOut = floats(dy.buffer());
    dOutStart = start(dy);
    dOutStride = dy.stride();
    tiles = Lanes.tiles(vectors);
    Lanes.fillTailMask(lastWindow, dy.positions());
  }

  /** Lets go of the operands. */
  void close() {
    in = null;
    dOut = null;
  }

  /** Makes room for the panels of a plan, for every worker, since any may come to do them. */
  void makeRoom(BlockPlan plan, int columns) {
    int entries = plan.largestPanel();
    int taken = plan.blocks() > 1 ? entries : Math.min(entries, STRETCH + columns);
    for (int worker = 0; worker < scratch.length; worker++) {
      if (scratch[worker].length < LaneSums.scratch(taken)) {
        scratch[worker] = new long[LaneSums.scratch(taken)];
      }
    }
  }

  int vectors() {
    return vectors;
  }

  /** Leaves the gradients of a panel at {@code target[at...]}. */
  void gradients(BlockPlan plan, int panel, int worker, float[] target, int at) {
    if (vectors == 0) {
      Arrays.fill(target, at, at + plan.entries(panel), 0);
    }
    for (int tile = 0; tile < tiles; tile++) {
      if (plan.blocks() > 1) {
        byBlock(plan, panel, tile, worker, target, at);
      } else {
        byStretch(plan, panel, tile, worker, target, at);
      }
    }
  }

  /** Sums when all blocks are done: only then is a stretch of the panel complete. */
  private void byBlock(BlockPlan plan, int panel, int tile, int worker, float[] target, int at) {
    int rows = plan.rows(panel);
    int segment = plan.firstSegment()[panel];
    for (int block = 0; block < plan.blocks(); block++, segment += rows) {
      dots(plan, panel, tile, segment, segment + rows, 0, worker, 0);
    }
    LaneSums.finish(plan.entries(panel), scratch[worker], target, at, tile > 0);
  }

  // Not one loop with byBlock: JDK 17 then leaves vectors of LaneSums.finish on the heap.
  private void byStretch(BlockPlan plan, int panel, int tile, int worker, float[] target, int at) {
    int[] start = plan.segmentStart();
    int first = plan.firstSegment()[panel];
    int end = plan.firstSegment()[panel + 1];
    int next;
    for (int segment = first; segment < end; segment = next) {
      next = segment;
      while (next < end && start[next] - start[segment] < STRETCH) {
        next++;
      }
      int before = start[segment] - start[first];
      dots(plan, panel, tile, segment, next, segment - first, worker, before);
      int taken = start[next] - start[segment];
      LaneSums.finish(taken, scratch[worker], target, at + before, tile > 0);
    }
  }

  /**
   * Takes the products of segments {@code g0} to {@code g1} of a panel.
   *
   * @param row of the first of them, counted from the panel's first
   * @param before entries of the panel that are summed already
   */
  private void dots(
      BlockPlan plan, int panel, int tile, int g0, int g1, int row, int worker, int before) {
    int v0 = (int) Split.start(vectors, tile, tiles);
    int width = (int) Split.start(vectors, tile + 1, tiles) - v0;
    boolean last = tile == tiles - 1;
    SddmmDots.dots(
        width,
        g0,
        g1,
        plan.segmentStart(),
        plan.segmentShift(),
        plan.offset(),
        in,
        inStart + v0 * L,
        dOut,
        dOutStart + v0 * L + (plan.firstRow()[panel] + row) * dOutStride,
        dOutStride,
        last ? lastWindow : wholeWindow,
        scratch[worker],
        LaneSums.taken(-before));
  }
}
