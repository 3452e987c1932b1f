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
   * Length of what is visited before it is summed, if connections come in the order of the panel:
   * so long that beginning anew costs little, so short that the scratch memory takes little of the
   * cache.
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
      gradients(plan, panel, tile, worker, target, at);
    }
  }

  /** A stretch is complete when its last row is; with blocks only the whole panel is. */
  private void gradients(BlockPlan plan, int panel, int tile, int worker, float[] target, int at) {
    int stop = plan.panelAt(panel + 1);
    int next;
    for (int p = plan.panelAt(panel); p < stop; p = next) {
      int first = plan.entry(p);
      int until = plan.blocks() > 1 ? stop : Math.min(stop, p + STRETCH);
      next = dots(plan, tile, p, until, worker, LaneSums.taken(-first));
      int end = next < stop ? plan.entry(next) : plan.entries(panel);
      LaneSums.finish(end - first, scratch[worker], target, at + first, tile > 0);
    }
  }

  /** Takes the products of the segments that start at {@code p} to {@code stop}. */
  private int dots(BlockPlan plan, int tile, int p, int stop, int worker, int so) {
    int v0 = (int) Split.start(vectors, tile, tiles);
    int width = (int) Split.start(vectors, tile + 1, tiles) - v0;
    return SddmmDots.dots(
        width,
        p,
        stop,
        plan.visit(),
        scratch[worker],
        in,
        dOut,
        dOutStart + v0 * L,
        dOutStride,
        so,
        inStart + v0 * L,
        tile == tiles - 1 ? lastWindow : wholeWindow);
  }
}
