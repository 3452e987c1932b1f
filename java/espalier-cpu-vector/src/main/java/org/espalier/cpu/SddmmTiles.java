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

  private final long[][] scratch;
  private final int[] wholeWindow = new int[L];
  private final int[] lastWindow = new int[L];

  private float[] in;
  private int inStart;
  private float[] dOut;
  private int dOutStart;
  private int dOutStride;
  private int positions;
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
    positions = dy.positions();
    in = floats(x.buffer());
    inStart = start(x);
    dOut = floats(dy.buffer());
    dOutStart = start(dy);
    dOutStride = dy.stride();
    tiles = Lanes.tiles(vectors);
    // The last vector ends where the positions do, and shares its first lanes with the one before;
    // if it is the only one, it starts with the positions.
    int padding = vectors * L - positions;
    Arrays.fill(lastWindow, -1);
    if (vectors == 1) {
      Arrays.fill(lastWindow, L - padding, L, 0);
    } else {
      Arrays.fill(lastWindow, 0, padding, 0);
    }
  }

  /** Lets go of the operands. */
  void close() {
    in = null;
    dOut = null;
  }

  /** Makes room for a panel of so many entries, for every worker, since any may come to do it. */
  void makeRoom(int entries) {
    for (int worker = 0; worker < scratch.length; worker++) {
      if (scratch[worker].length < LaneSums.scratch(entries)) {
        scratch[worker] = new long[LaneSums.scratch(entries)];
      }
    }
  }

  int vectors() {
    return vectors;
  }

  /** Leaves the gradients of a panel at {@code target[at...]}, with L elements of room behind. */
  void gradients(BlockPlan plan, int panel, int worker, float[] target, int at) {
    int entries = plan.entries(panel);
    if (vectors == 0) {
      Arrays.fill(target, at, at + entries, 0);
    }
    for (int tile = 0; tile < tiles; tile++) {
      int v0 = (int) Split.start(vectors, tile, tiles);
      int width = (int) Split.start(vectors, tile + 1, tiles) - v0;
      boolean last = tile == tiles - 1;
      int dyo = dOutStart + v0 * L + plan.firstRow()[panel] * dOutStride;
      int rows = plan.rows(panel);
      int segment = plan.firstSegment()[panel];
      for (int block = 0; block < plan.blocks(); block++, segment += rows) {
        SddmmDots.dots(
            width,
            segment,
            segment + rows,
            plan.segmentStart(),
            plan.segmentShift(),
            plan.offset(),
            in,
            inStart + v0 * L,
            dOut,
            dyo,
            dOutStride,
            (last ? positions - v0 * L : width * L) - L,
            last ? lastWindow : wholeWindow,
            scratch[worker]);
      }
      LaneSums.finish(entries, scratch[worker], target, at, tile > 0);
    }
  }
}
