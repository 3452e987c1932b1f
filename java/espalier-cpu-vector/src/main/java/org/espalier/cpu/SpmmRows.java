/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import static org.espalier.backend.host.HostBuffer.BASE;
import static org.espalier.cpu.Lanes.L;

import jdk.incubator.vector.FloatVector;

/**
 * The inner loops of {@link SpmmKernel}: one method for each width of a tile, because a compiler
 * that keeps accumulators in registers needs them as separate variables, and gives up on methods
 * that hold all the widths.
 *
 * <p>A connection costs one broadcast and, for each vector, one load and one fma. Eight
 * accumulators hide the latency of fma (4 cycles, two at a time) and share the broadcast, the
 * offset among 8 fma.
 *
 * <p>Each method goes on in rows {@code r0} to {@code r1} from entry {@code cursor[r]} up to offset
 * {@code limit}, and leaves the cursor there. The first pass over a row starts from the bias, later
 * ones from what is in y.
 */
final class SpmmRows {

  private SpmmRows() {}

  static void rows1(
      boolean first,
      int limit,
      int[] cursor,
      int[] rowStart,
      int[] offset,
      float[] w,
      float[] bias,
      float[] x,
      int xo,
      float[] y,
      int yo,
      int ys,
      int r0,
      int r1) {
    for (int r = r0; r < r1; r++) {
      int p = cursor[r];
      int end = rowStart[r + 1];
      int at = yo + r * ys;
      FloatVector a0;
      if (first) {
        a0 = FloatVector.broadcast(Lanes.F, bias == null ? 0 : bias[BASE + r]);
      } else if (p == end || offset[p] >= limit) {
        continue;
      } else {
        a0 = FloatVector.fromArray(Lanes.F, y, at);
      }
      for (; p < end && offset[p] < limit; p++) {
        FloatVector v = FloatVector.broadcast(Lanes.F, w[BASE + p]);
        int o = xo + offset[p];
        a0 = FloatVector.fromArray(Lanes.F, x, o).fma(v, a0);
      }
      cursor[r] = p;
      a0.intoArray(y, at);
    }
  }

  static void rows2(
      boolean first,
      int limit,
      int[] cursor,
      int[] rowStart,
      int[] offset,
      float[] w,
      float[] bias,
      float[] x,
      int xo,
      float[] y,
      int yo,
      int ys,
      int r0,
      int r1) {
    for (int r = r0; r < r1; r++) {
      int p = cursor[r];
      int end = rowStart[r + 1];
      int at = yo + r * ys;
      FloatVector a0, a1;
      if (first) {
        a0 = FloatVector.broadcast(Lanes.F, bias == null ? 0 : bias[BASE + r]);
        a1 = a0;
      } else if (p == end || offset[p] >= limit) {
        continue;
      } else {
        a0 = FloatVector.fromArray(Lanes.F, y, at);
        a1 = FloatVector.fromArray(Lanes.F, y, at + L);
      }
      for (; p < end && offset[p] < limit; p++) {
        FloatVector v = FloatVector.broadcast(Lanes.F, w[BASE + p]);
        int o = xo + offset[p];
        a0 = FloatVector.fromArray(Lanes.F, x, o).fma(v, a0);
        a1 = FloatVector.fromArray(Lanes.F, x, o + L).fma(v, a1);
      }
      cursor[r] = p;
      a0.intoArray(y, at);
      a1.intoArray(y, at + L);
    }
  }

  static void rows3(
      boolean first,
      int limit,
      int[] cursor,
      int[] rowStart,
      int[] offset,
      float[] w,
      float[] bias,
      float[] x,
      int xo,
      float[] y,
      int yo,
      int ys,
      int r0,
      int r1) {
    for (int r = r0; r < r1; r++) {
      int p = cursor[r];
      int end = rowStart[r + 1];
      int at = yo + r * ys;
      FloatVector a0, a1, a2;
      if (first) {
        a0 = FloatVector.broadcast(Lanes.F, bias == null ? 0 : bias[BASE + r]);
        a1 = a0;
        a2 = a0;
      } else if (p == end || offset[p] >= limit) {
        continue;
      } else {
        a0 = FloatVector.fromArray(Lanes.F, y, at);
        a1 = FloatVector.fromArray(Lanes.F, y, at + L);
        a2 = FloatVector.fromArray(Lanes.F, y, at + 2 * L);
      }
      for (; p < end && offset[p] < limit; p++) {
        FloatVector v = FloatVector.broadcast(Lanes.F, w[BASE + p]);
        int o = xo + offset[p];
        a0 = FloatVector.fromArray(Lanes.F, x, o).fma(v, a0);
        a1 = FloatVector.fromArray(Lanes.F, x, o + L).fma(v, a1);
        a2 = FloatVector.fromArray(Lanes.F, x, o + 2 * L).fma(v, a2);
      }
      cursor[r] = p;
      a0.intoArray(y, at);
      a1.intoArray(y, at + L);
      a2.intoArray(y, at + 2 * L);
    }
  }

  static void rows4(
      boolean first,
      int limit,
      int[] cursor,
      int[] rowStart,
      int[] offset,
      float[] w,
      float[] bias,
      float[] x,
      int xo,
      float[] y,
      int yo,
      int ys,
      int r0,
      int r1) {
    for (int r = r0; r < r1; r++) {
      int p = cursor[r];
      int end = rowStart[r + 1];
      int at = yo + r * ys;
      FloatVector a0, a1, a2, a3;
      if (first) {
        a0 = FloatVector.broadcast(Lanes.F, bias == null ? 0 : bias[BASE + r]);
        a1 = a0;
        a2 = a0;
        a3 = a0;
      } else if (p == end || offset[p] >= limit) {
        continue;
      } else {
        a0 = FloatVector.fromArray(Lanes.F, y, at);
        a1 = FloatVector.fromArray(Lanes.F, y, at + L);
        a2 = FloatVector.fromArray(Lanes.F, y, at + 2 * L);
        a3 = FloatVector.fromArray(Lanes.F, y, at + 3 * L);
      }
      for (; p < end && offset[p] < limit; p++) {
        FloatVector v = FloatVector.broadcast(Lanes.F, w[BASE + p]);
        int o = xo + offset[p];
        a0 = FloatVector.fromArray(Lanes.F, x, o).fma(v, a0);
        a1 = FloatVector.fromArray(Lanes.F, x, o + L).fma(v, a1);
        a2 = FloatVector.fromArray(Lanes.F, x, o + 2 * L).fma(v, a2);
        a3 = FloatVector.fromArray(Lanes.F, x, o + 3 * L).fma(v, a3);
      }
      cursor[r] = p;
      a0.intoArray(y, at);
      a1.intoArray(y, at + L);
      a2.intoArray(y, at + 2 * L);
      a3.intoArray(y, at + 3 * L);
    }
  }

  static void rows5(
      boolean first,
      int limit,
      int[] cursor,
      int[] rowStart,
      int[] offset,
      float[] w,
      float[] bias,
      float[] x,
      int xo,
      float[] y,
      int yo,
      int ys,
      int r0,
      int r1) {
    for (int r = r0; r < r1; r++) {
      int p = cursor[r];
      int end = rowStart[r + 1];
      int at = yo + r * ys;
      FloatVector a0, a1, a2, a3, a4;
      if (first) {
        a0 = FloatVector.broadcast(Lanes.F, bias == null ? 0 : bias[BASE + r]);
        a1 = a0;
        a2 = a0;
        a3 = a0;
        a4 = a0;
      } else if (p == end || offset[p] >= limit) {
        continue;
      } else {
        a0 = FloatVector.fromArray(Lanes.F, y, at);
        a1 = FloatVector.fromArray(Lanes.F, y, at + L);
        a2 = FloatVector.fromArray(Lanes.F, y, at + 2 * L);
        a3 = FloatVector.fromArray(Lanes.F, y, at + 3 * L);
        a4 = FloatVector.fromArray(Lanes.F, y, at + 4 * L);
      }
      for (; p < end && offset[p] < limit; p++) {
        FloatVector v = FloatVector.broadcast(Lanes.F, w[BASE + p]);
        int o = xo + offset[p];
        a0 = FloatVector.fromArray(Lanes.F, x, o).fma(v, a0);
        a1 = FloatVector.fromArray(Lanes.F, x, o + L).fma(v, a1);
        a2 = FloatVector.fromArray(Lanes.F, x, o + 2 * L).fma(v, a2);
        a3 = FloatVector.fromArray(Lanes.F, x, o + 3 * L).fma(v, a3);
        a4 = FloatVector.fromArray(Lanes.F, x, o + 4 * L).fma(v, a4);
      }
      cursor[r] = p;
      a0.intoArray(y, at);
      a1.intoArray(y, at + L);
      a2.intoArray(y, at + 2 * L);
      a3.intoArray(y, at + 3 * L);
      a4.intoArray(y, at + 4 * L);
    }
  }

  static void rows6(
      boolean first,
      int limit,
      int[] cursor,
      int[] rowStart,
      int[] offset,
      float[] w,
      float[] bias,
      float[] x,
      int xo,
      float[] y,
      int yo,
      int ys,
      int r0,
      int r1) {
    for (int r = r0; r < r1; r++) {
      int p = cursor[r];
      int end = rowStart[r + 1];
      int at = yo + r * ys;
      FloatVector a0, a1, a2, a3, a4, a5;
      if (first) {
        a0 = FloatVector.broadcast(Lanes.F, bias == null ? 0 : bias[BASE + r]);
        a1 = a0;
        a2 = a0;
        a3 = a0;
        a4 = a0;
        a5 = a0;
      } else if (p == end || offset[p] >= limit) {
        continue;
      } else {
        a0 = FloatVector.fromArray(Lanes.F, y, at);
        a1 = FloatVector.fromArray(Lanes.F, y, at + L);
        a2 = FloatVector.fromArray(Lanes.F, y, at + 2 * L);
        a3 = FloatVector.fromArray(Lanes.F, y, at + 3 * L);
        a4 = FloatVector.fromArray(Lanes.F, y, at + 4 * L);
        a5 = FloatVector.fromArray(Lanes.F, y, at + 5 * L);
      }
      for (; p < end && offset[p] < limit; p++) {
        FloatVector v = FloatVector.broadcast(Lanes.F, w[BASE + p]);
        int o = xo + offset[p];
        a0 = FloatVector.fromArray(Lanes.F, x, o).fma(v, a0);
        a1 = FloatVector.fromArray(Lanes.F, x, o + L).fma(v, a1);
        a2 = FloatVector.fromArray(Lanes.F, x, o + 2 * L).fma(v, a2);
        a3 = FloatVector.fromArray(Lanes.F, x, o + 3 * L).fma(v, a3);
        a4 = FloatVector.fromArray(Lanes.F, x, o + 4 * L).fma(v, a4);
        a5 = FloatVector.fromArray(Lanes.F, x, o + 5 * L).fma(v, a5);
      }
      cursor[r] = p;
      a0.intoArray(y, at);
      a1.intoArray(y, at + L);
      a2.intoArray(y, at + 2 * L);
      a3.intoArray(y, at + 3 * L);
      a4.intoArray(y, at + 4 * L);
      a5.intoArray(y, at + 5 * L);
    }
  }

  static void rows7(
      boolean first,
      int limit,
      int[] cursor,
      int[] rowStart,
      int[] offset,
      float[] w,
      float[] bias,
      float[] x,
      int xo,
      float[] y,
      int yo,
      int ys,
      int r0,
      int r1) {
    for (int r = r0; r < r1; r++) {
      int p = cursor[r];
      int end = rowStart[r + 1];
      int at = yo + r * ys;
      FloatVector a0, a1, a2, a3, a4, a5, a6;
      if (first) {
        a0 = FloatVector.broadcast(Lanes.F, bias == null ? 0 : bias[BASE + r]);
        a1 = a0;
        a2 = a0;
        a3 = a0;
        a4 = a0;
        a5 = a0;
        a6 = a0;
      } else if (p == end || offset[p] >= limit) {
        continue;
      } else {
        a0 = FloatVector.fromArray(Lanes.F, y, at);
        a1 = FloatVector.fromArray(Lanes.F, y, at + L);
        a2 = FloatVector.fromArray(Lanes.F, y, at + 2 * L);
        a3 = FloatVector.fromArray(Lanes.F, y, at + 3 * L);
        a4 = FloatVector.fromArray(Lanes.F, y, at + 4 * L);
        a5 = FloatVector.fromArray(Lanes.F, y, at + 5 * L);
        a6 = FloatVector.fromArray(Lanes.F, y, at + 6 * L);
      }
      for (; p < end && offset[p] < limit; p++) {
        FloatVector v = FloatVector.broadcast(Lanes.F, w[BASE + p]);
        int o = xo + offset[p];
        a0 = FloatVector.fromArray(Lanes.F, x, o).fma(v, a0);
        a1 = FloatVector.fromArray(Lanes.F, x, o + L).fma(v, a1);
        a2 = FloatVector.fromArray(Lanes.F, x, o + 2 * L).fma(v, a2);
        a3 = FloatVector.fromArray(Lanes.F, x, o + 3 * L).fma(v, a3);
        a4 = FloatVector.fromArray(Lanes.F, x, o + 4 * L).fma(v, a4);
        a5 = FloatVector.fromArray(Lanes.F, x, o + 5 * L).fma(v, a5);
        a6 = FloatVector.fromArray(Lanes.F, x, o + 6 * L).fma(v, a6);
      }
      cursor[r] = p;
      a0.intoArray(y, at);
      a1.intoArray(y, at + L);
      a2.intoArray(y, at + 2 * L);
      a3.intoArray(y, at + 3 * L);
      a4.intoArray(y, at + 4 * L);
      a5.intoArray(y, at + 5 * L);
      a6.intoArray(y, at + 6 * L);
    }
  }

  static void rows8(
      boolean first,
      int limit,
      int[] cursor,
      int[] rowStart,
      int[] offset,
      float[] w,
      float[] bias,
      float[] x,
      int xo,
      float[] y,
      int yo,
      int ys,
      int r0,
      int r1) {
    for (int r = r0; r < r1; r++) {
      int p = cursor[r];
      int end = rowStart[r + 1];
      int at = yo + r * ys;
      FloatVector a0, a1, a2, a3, a4, a5, a6, a7;
      if (first) {
        a0 = FloatVector.broadcast(Lanes.F, bias == null ? 0 : bias[BASE + r]);
        a1 = a0;
        a2 = a0;
        a3 = a0;
        a4 = a0;
        a5 = a0;
        a6 = a0;
        a7 = a0;
      } else if (p == end || offset[p] >= limit) {
        continue;
      } else {
        a0 = FloatVector.fromArray(Lanes.F, y, at);
        a1 = FloatVector.fromArray(Lanes.F, y, at + L);
        a2 = FloatVector.fromArray(Lanes.F, y, at + 2 * L);
        a3 = FloatVector.fromArray(Lanes.F, y, at + 3 * L);
        a4 = FloatVector.fromArray(Lanes.F, y, at + 4 * L);
        a5 = FloatVector.fromArray(Lanes.F, y, at + 5 * L);
        a6 = FloatVector.fromArray(Lanes.F, y, at + 6 * L);
        a7 = FloatVector.fromArray(Lanes.F, y, at + 7 * L);
      }
      for (; p < end && offset[p] < limit; p++) {
        FloatVector v = FloatVector.broadcast(Lanes.F, w[BASE + p]);
        int o = xo + offset[p];
        a0 = FloatVector.fromArray(Lanes.F, x, o).fma(v, a0);
        a1 = FloatVector.fromArray(Lanes.F, x, o + L).fma(v, a1);
        a2 = FloatVector.fromArray(Lanes.F, x, o + 2 * L).fma(v, a2);
        a3 = FloatVector.fromArray(Lanes.F, x, o + 3 * L).fma(v, a3);
        a4 = FloatVector.fromArray(Lanes.F, x, o + 4 * L).fma(v, a4);
        a5 = FloatVector.fromArray(Lanes.F, x, o + 5 * L).fma(v, a5);
        a6 = FloatVector.fromArray(Lanes.F, x, o + 6 * L).fma(v, a6);
        a7 = FloatVector.fromArray(Lanes.F, x, o + 7 * L).fma(v, a7);
      }
      cursor[r] = p;
      a0.intoArray(y, at);
      a1.intoArray(y, at + L);
      a2.intoArray(y, at + 2 * L);
      a3.intoArray(y, at + 3 * L);
      a4.intoArray(y, at + 4 * L);
      a5.intoArray(y, at + 5 * L);
      a6.intoArray(y, at + 6 * L);
      a7.intoArray(y, at + 7 * L);
    }
  }
}
