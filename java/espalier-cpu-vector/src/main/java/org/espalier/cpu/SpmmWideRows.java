/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import static org.espalier.backend.host.HostBuffer.BASE;
import static org.espalier.cpu.Lanes.L;

import jdk.incubator.vector.FloatVector;

/**
 * More of {@link SpmmRows}, for 8 lanes: there a batch of 100 is one tile of 13 vectors, so weights
 * and offsets come once, from wherever the step has left them.
 */
final class SpmmWideRows {

  private SpmmWideRows() {}

  static void rows9(
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
      FloatVector a0, a1, a2, a3, a4, a5, a6, a7, a8;
      if (first) {
        a0 = FloatVector.broadcast(Lanes.F, bias == null ? 0 : bias[BASE + r]);
        a1 = a0;
        a2 = a0;
        a3 = a0;
        a4 = a0;
        a5 = a0;
        a6 = a0;
        a7 = a0;
        a8 = a0;
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
        a8 = FloatVector.fromArray(Lanes.F, y, at + 8 * L);
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
        a8 = FloatVector.fromArray(Lanes.F, x, o + 8 * L).fma(v, a8);
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
      a8.intoArray(y, at + 8 * L);
    }
  }

  static void rows10(
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
      FloatVector a0, a1, a2, a3, a4, a5, a6, a7, a8, a9;
      if (first) {
        a0 = FloatVector.broadcast(Lanes.F, bias == null ? 0 : bias[BASE + r]);
        a1 = a0;
        a2 = a0;
        a3 = a0;
        a4 = a0;
        a5 = a0;
        a6 = a0;
        a7 = a0;
        a8 = a0;
        a9 = a0;
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
        a8 = FloatVector.fromArray(Lanes.F, y, at + 8 * L);
        a9 = FloatVector.fromArray(Lanes.F, y, at + 9 * L);
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
        a8 = FloatVector.fromArray(Lanes.F, x, o + 8 * L).fma(v, a8);
        a9 = FloatVector.fromArray(Lanes.F, x, o + 9 * L).fma(v, a9);
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
      a8.intoArray(y, at + 8 * L);
      a9.intoArray(y, at + 9 * L);
    }
  }

  static void rows11(
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
      FloatVector a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10;
      if (first) {
        a0 = FloatVector.broadcast(Lanes.F, bias == null ? 0 : bias[BASE + r]);
        a1 = a0;
        a2 = a0;
        a3 = a0;
        a4 = a0;
        a5 = a0;
        a6 = a0;
        a7 = a0;
        a8 = a0;
        a9 = a0;
        a10 = a0;
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
        a8 = FloatVector.fromArray(Lanes.F, y, at + 8 * L);
        a9 = FloatVector.fromArray(Lanes.F, y, at + 9 * L);
        a10 = FloatVector.fromArray(Lanes.F, y, at + 10 * L);
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
        a8 = FloatVector.fromArray(Lanes.F, x, o + 8 * L).fma(v, a8);
        a9 = FloatVector.fromArray(Lanes.F, x, o + 9 * L).fma(v, a9);
        a10 = FloatVector.fromArray(Lanes.F, x, o + 10 * L).fma(v, a10);
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
      a8.intoArray(y, at + 8 * L);
      a9.intoArray(y, at + 9 * L);
      a10.intoArray(y, at + 10 * L);
    }
  }

  static void rows12(
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
      FloatVector a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11;
      if (first) {
        a0 = FloatVector.broadcast(Lanes.F, bias == null ? 0 : bias[BASE + r]);
        a1 = a0;
        a2 = a0;
        a3 = a0;
        a4 = a0;
        a5 = a0;
        a6 = a0;
        a7 = a0;
        a8 = a0;
        a9 = a0;
        a10 = a0;
        a11 = a0;
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
        a8 = FloatVector.fromArray(Lanes.F, y, at + 8 * L);
        a9 = FloatVector.fromArray(Lanes.F, y, at + 9 * L);
        a10 = FloatVector.fromArray(Lanes.F, y, at + 10 * L);
        a11 = FloatVector.fromArray(Lanes.F, y, at + 11 * L);
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
        a8 = FloatVector.fromArray(Lanes.F, x, o + 8 * L).fma(v, a8);
        a9 = FloatVector.fromArray(Lanes.F, x, o + 9 * L).fma(v, a9);
        a10 = FloatVector.fromArray(Lanes.F, x, o + 10 * L).fma(v, a10);
        a11 = FloatVector.fromArray(Lanes.F, x, o + 11 * L).fma(v, a11);
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
      a8.intoArray(y, at + 8 * L);
      a9.intoArray(y, at + 9 * L);
      a10.intoArray(y, at + 10 * L);
      a11.intoArray(y, at + 11 * L);
    }
  }

  static void rows13(
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
      FloatVector a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12;
      if (first) {
        a0 = FloatVector.broadcast(Lanes.F, bias == null ? 0 : bias[BASE + r]);
        a1 = a0;
        a2 = a0;
        a3 = a0;
        a4 = a0;
        a5 = a0;
        a6 = a0;
        a7 = a0;
        a8 = a0;
        a9 = a0;
        a10 = a0;
        a11 = a0;
        a12 = a0;
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
        a8 = FloatVector.fromArray(Lanes.F, y, at + 8 * L);
        a9 = FloatVector.fromArray(Lanes.F, y, at + 9 * L);
        a10 = FloatVector.fromArray(Lanes.F, y, at + 10 * L);
        a11 = FloatVector.fromArray(Lanes.F, y, at + 11 * L);
        a12 = FloatVector.fromArray(Lanes.F, y, at + 12 * L);
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
        a8 = FloatVector.fromArray(Lanes.F, x, o + 8 * L).fma(v, a8);
        a9 = FloatVector.fromArray(Lanes.F, x, o + 9 * L).fma(v, a9);
        a10 = FloatVector.fromArray(Lanes.F, x, o + 10 * L).fma(v, a10);
        a11 = FloatVector.fromArray(Lanes.F, x, o + 11 * L).fma(v, a11);
        a12 = FloatVector.fromArray(Lanes.F, x, o + 12 * L).fma(v, a12);
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
      a8.intoArray(y, at + 8 * L);
      a9.intoArray(y, at + 9 * L);
      a10.intoArray(y, at + 10 * L);
      a11.intoArray(y, at + 11 * L);
      a12.intoArray(y, at + 12 * L);
    }
  }
}
