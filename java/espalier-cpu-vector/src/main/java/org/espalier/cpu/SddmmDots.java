/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import static org.espalier.cpu.LaneSums.X4;
import static org.espalier.cpu.LaneSums.X8;
import static org.espalier.cpu.LaneSums.taken;
import static org.espalier.cpu.Lanes.L;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * The inner loops of {@link SddmmTiles}, one method for each width of a tile (see {@link SpmmRows}
 * for why): the products of connections {@code g0} to {@code g1}, summed over the vectors of a
 * tile, and over the lanes as {@link LaneSums#finish} wants them. That is written out in each: a
 * method that takes a vector is not always inlined, and then the vector goes to the heap.
 *
 * <p>The row of dY stays in registers; a connection costs one load and one fma for each vector, in
 * two chains. The last vector is masked on both sides, since 0 times a NaN in the padding is NaN.
 *
 * <p>Each method starts in row {@code row}, which holds entry g0 or lies before it, and returns the
 * row it ended in.
 */
final class SddmmDots {

  private SddmmDots() {}

  static int dots1(
      int row,
      int g0,
      int g1,
      int[] rowStart,
      int[] column,
      float[] x,
      int xo,
      int xs,
      float[] dy,
      int dyo,
      int dys,
      int[] tailMask,
      float[] sums) {
    int r = row;
    for (int p = g0; p < g1; r++) {
      int end = Math.min(rowStart[r + 1], g1);
      if (p >= end) {
        continue;
      }
      int at = dyo + r * dys;
      IntVector mask = IntVector.fromArray(Lanes.I, tailMask, 0);
      FloatVector d0 =
          FloatVector.fromArray(Lanes.F, dy, at)
              .reinterpretAsInts()
              .and(mask)
              .reinterpretAsFloats();
      for (; p < end; p++) {
        int o = xo + column[p] * xs;
        FloatVector s =
            FloatVector.fromArray(Lanes.F, x, o)
                .reinterpretAsInts()
                .and(mask)
                .reinterpretAsFloats()
                .mul(d0);
        s = L == 16 ? s.add(s.rearrange(X8)) : s;
        s.add(s.rearrange(X4)).intoArray(sums, taken(p - g0));
      }
    }
    return r - 1;
  }

  static int dots2(
      int row,
      int g0,
      int g1,
      int[] rowStart,
      int[] column,
      float[] x,
      int xo,
      int xs,
      float[] dy,
      int dyo,
      int dys,
      int[] tailMask,
      float[] sums) {
    int r = row;
    for (int p = g0; p < g1; r++) {
      int end = Math.min(rowStart[r + 1], g1);
      if (p >= end) {
        continue;
      }
      int at = dyo + r * dys;
      IntVector mask = IntVector.fromArray(Lanes.I, tailMask, 0);
      FloatVector d0 = FloatVector.fromArray(Lanes.F, dy, at);
      FloatVector d1 =
          FloatVector.fromArray(Lanes.F, dy, at + L)
              .reinterpretAsInts()
              .and(mask)
              .reinterpretAsFloats();
      for (; p < end; p++) {
        int o = xo + column[p] * xs;
        FloatVector s = FloatVector.fromArray(Lanes.F, x, o).mul(d0);
        FloatVector t =
            FloatVector.fromArray(Lanes.F, x, o + L)
                .reinterpretAsInts()
                .and(mask)
                .reinterpretAsFloats()
                .mul(d1);
        s = s.add(t);
        s = L == 16 ? s.add(s.rearrange(X8)) : s;
        s.add(s.rearrange(X4)).intoArray(sums, taken(p - g0));
      }
    }
    return r - 1;
  }

  static int dots3(
      int row,
      int g0,
      int g1,
      int[] rowStart,
      int[] column,
      float[] x,
      int xo,
      int xs,
      float[] dy,
      int dyo,
      int dys,
      int[] tailMask,
      float[] sums) {
    int r = row;
    for (int p = g0; p < g1; r++) {
      int end = Math.min(rowStart[r + 1], g1);
      if (p >= end) {
        continue;
      }
      int at = dyo + r * dys;
      IntVector mask = IntVector.fromArray(Lanes.I, tailMask, 0);
      FloatVector d0 = FloatVector.fromArray(Lanes.F, dy, at);
      FloatVector d1 = FloatVector.fromArray(Lanes.F, dy, at + L);
      FloatVector d2 =
          FloatVector.fromArray(Lanes.F, dy, at + 2 * L)
              .reinterpretAsInts()
              .and(mask)
              .reinterpretAsFloats();
      for (; p < end; p++) {
        int o = xo + column[p] * xs;
        FloatVector s = FloatVector.fromArray(Lanes.F, x, o).mul(d0);
        FloatVector t = FloatVector.fromArray(Lanes.F, x, o + L).mul(d1);
        s =
            FloatVector.fromArray(Lanes.F, x, o + 2 * L)
                .reinterpretAsInts()
                .and(mask)
                .reinterpretAsFloats()
                .fma(d2, s);
        s = s.add(t);
        s = L == 16 ? s.add(s.rearrange(X8)) : s;
        s.add(s.rearrange(X4)).intoArray(sums, taken(p - g0));
      }
    }
    return r - 1;
  }

  static int dots4(
      int row,
      int g0,
      int g1,
      int[] rowStart,
      int[] column,
      float[] x,
      int xo,
      int xs,
      float[] dy,
      int dyo,
      int dys,
      int[] tailMask,
      float[] sums) {
    int r = row;
    for (int p = g0; p < g1; r++) {
      int end = Math.min(rowStart[r + 1], g1);
      if (p >= end) {
        continue;
      }
      int at = dyo + r * dys;
      IntVector mask = IntVector.fromArray(Lanes.I, tailMask, 0);
      FloatVector d0 = FloatVector.fromArray(Lanes.F, dy, at);
      FloatVector d1 = FloatVector.fromArray(Lanes.F, dy, at + L);
      FloatVector d2 = FloatVector.fromArray(Lanes.F, dy, at + 2 * L);
      FloatVector d3 =
          FloatVector.fromArray(Lanes.F, dy, at + 3 * L)
              .reinterpretAsInts()
              .and(mask)
              .reinterpretAsFloats();
      for (; p < end; p++) {
        int o = xo + column[p] * xs;
        FloatVector s = FloatVector.fromArray(Lanes.F, x, o).mul(d0);
        FloatVector t = FloatVector.fromArray(Lanes.F, x, o + L).mul(d1);
        s = FloatVector.fromArray(Lanes.F, x, o + 2 * L).fma(d2, s);
        t =
            FloatVector.fromArray(Lanes.F, x, o + 3 * L)
                .reinterpretAsInts()
                .and(mask)
                .reinterpretAsFloats()
                .fma(d3, t);
        s = s.add(t);
        s = L == 16 ? s.add(s.rearrange(X8)) : s;
        s.add(s.rearrange(X4)).intoArray(sums, taken(p - g0));
      }
    }
    return r - 1;
  }

  static int dots5(
      int row,
      int g0,
      int g1,
      int[] rowStart,
      int[] column,
      float[] x,
      int xo,
      int xs,
      float[] dy,
      int dyo,
      int dys,
      int[] tailMask,
      float[] sums) {
    int r = row;
    for (int p = g0; p < g1; r++) {
      int end = Math.min(rowStart[r + 1], g1);
      if (p >= end) {
        continue;
      }
      int at = dyo + r * dys;
      IntVector mask = IntVector.fromArray(Lanes.I, tailMask, 0);
      FloatVector d0 = FloatVector.fromArray(Lanes.F, dy, at);
      FloatVector d1 = FloatVector.fromArray(Lanes.F, dy, at + L);
      FloatVector d2 = FloatVector.fromArray(Lanes.F, dy, at + 2 * L);
      FloatVector d3 = FloatVector.fromArray(Lanes.F, dy, at + 3 * L);
      FloatVector d4 =
          FloatVector.fromArray(Lanes.F, dy, at + 4 * L)
              .reinterpretAsInts()
              .and(mask)
              .reinterpretAsFloats();
      for (; p < end; p++) {
        int o = xo + column[p] * xs;
        FloatVector s = FloatVector.fromArray(Lanes.F, x, o).mul(d0);
        FloatVector t = FloatVector.fromArray(Lanes.F, x, o + L).mul(d1);
        s = FloatVector.fromArray(Lanes.F, x, o + 2 * L).fma(d2, s);
        t = FloatVector.fromArray(Lanes.F, x, o + 3 * L).fma(d3, t);
        s =
            FloatVector.fromArray(Lanes.F, x, o + 4 * L)
                .reinterpretAsInts()
                .and(mask)
                .reinterpretAsFloats()
                .fma(d4, s);
        s = s.add(t);
        s = L == 16 ? s.add(s.rearrange(X8)) : s;
        s.add(s.rearrange(X4)).intoArray(sums, taken(p - g0));
      }
    }
    return r - 1;
  }

  static int dots6(
      int row,
      int g0,
      int g1,
      int[] rowStart,
      int[] column,
      float[] x,
      int xo,
      int xs,
      float[] dy,
      int dyo,
      int dys,
      int[] tailMask,
      float[] sums) {
    int r = row;
    for (int p = g0; p < g1; r++) {
      int end = Math.min(rowStart[r + 1], g1);
      if (p >= end) {
        continue;
      }
      int at = dyo + r * dys;
      IntVector mask = IntVector.fromArray(Lanes.I, tailMask, 0);
      FloatVector d0 = FloatVector.fromArray(Lanes.F, dy, at);
      FloatVector d1 = FloatVector.fromArray(Lanes.F, dy, at + L);
      FloatVector d2 = FloatVector.fromArray(Lanes.F, dy, at + 2 * L);
      FloatVector d3 = FloatVector.fromArray(Lanes.F, dy, at + 3 * L);
      FloatVector d4 = FloatVector.fromArray(Lanes.F, dy, at + 4 * L);
      FloatVector d5 =
          FloatVector.fromArray(Lanes.F, dy, at + 5 * L)
              .reinterpretAsInts()
              .and(mask)
              .reinterpretAsFloats();
      for (; p < end; p++) {
        int o = xo + column[p] * xs;
        FloatVector s = FloatVector.fromArray(Lanes.F, x, o).mul(d0);
        FloatVector t = FloatVector.fromArray(Lanes.F, x, o + L).mul(d1);
        s = FloatVector.fromArray(Lanes.F, x, o + 2 * L).fma(d2, s);
        t = FloatVector.fromArray(Lanes.F, x, o + 3 * L).fma(d3, t);
        s = FloatVector.fromArray(Lanes.F, x, o + 4 * L).fma(d4, s);
        t =
            FloatVector.fromArray(Lanes.F, x, o + 5 * L)
                .reinterpretAsInts()
                .and(mask)
                .reinterpretAsFloats()
                .fma(d5, t);
        s = s.add(t);
        s = L == 16 ? s.add(s.rearrange(X8)) : s;
        s.add(s.rearrange(X4)).intoArray(sums, taken(p - g0));
      }
    }
    return r - 1;
  }

  static int dots7(
      int row,
      int g0,
      int g1,
      int[] rowStart,
      int[] column,
      float[] x,
      int xo,
      int xs,
      float[] dy,
      int dyo,
      int dys,
      int[] tailMask,
      float[] sums) {
    int r = row;
    for (int p = g0; p < g1; r++) {
      int end = Math.min(rowStart[r + 1], g1);
      if (p >= end) {
        continue;
      }
      int at = dyo + r * dys;
      IntVector mask = IntVector.fromArray(Lanes.I, tailMask, 0);
      FloatVector d0 = FloatVector.fromArray(Lanes.F, dy, at);
      FloatVector d1 = FloatVector.fromArray(Lanes.F, dy, at + L);
      FloatVector d2 = FloatVector.fromArray(Lanes.F, dy, at + 2 * L);
      FloatVector d3 = FloatVector.fromArray(Lanes.F, dy, at + 3 * L);
      FloatVector d4 = FloatVector.fromArray(Lanes.F, dy, at + 4 * L);
      FloatVector d5 = FloatVector.fromArray(Lanes.F, dy, at + 5 * L);
      FloatVector d6 =
          FloatVector.fromArray(Lanes.F, dy, at + 6 * L)
              .reinterpretAsInts()
              .and(mask)
              .reinterpretAsFloats();
      for (; p < end; p++) {
        int o = xo + column[p] * xs;
        FloatVector s = FloatVector.fromArray(Lanes.F, x, o).mul(d0);
        FloatVector t = FloatVector.fromArray(Lanes.F, x, o + L).mul(d1);
        s = FloatVector.fromArray(Lanes.F, x, o + 2 * L).fma(d2, s);
        t = FloatVector.fromArray(Lanes.F, x, o + 3 * L).fma(d3, t);
        s = FloatVector.fromArray(Lanes.F, x, o + 4 * L).fma(d4, s);
        t = FloatVector.fromArray(Lanes.F, x, o + 5 * L).fma(d5, t);
        s =
            FloatVector.fromArray(Lanes.F, x, o + 6 * L)
                .reinterpretAsInts()
                .and(mask)
                .reinterpretAsFloats()
                .fma(d6, s);
        s = s.add(t);
        s = L == 16 ? s.add(s.rearrange(X8)) : s;
        s.add(s.rearrange(X4)).intoArray(sums, taken(p - g0));
      }
    }
    return r - 1;
  }

  static int dots8(
      int row,
      int g0,
      int g1,
      int[] rowStart,
      int[] column,
      float[] x,
      int xo,
      int xs,
      float[] dy,
      int dyo,
      int dys,
      int[] tailMask,
      float[] sums) {
    int r = row;
    for (int p = g0; p < g1; r++) {
      int end = Math.min(rowStart[r + 1], g1);
      if (p >= end) {
        continue;
      }
      int at = dyo + r * dys;
      IntVector mask = IntVector.fromArray(Lanes.I, tailMask, 0);
      FloatVector d0 = FloatVector.fromArray(Lanes.F, dy, at);
      FloatVector d1 = FloatVector.fromArray(Lanes.F, dy, at + L);
      FloatVector d2 = FloatVector.fromArray(Lanes.F, dy, at + 2 * L);
      FloatVector d3 = FloatVector.fromArray(Lanes.F, dy, at + 3 * L);
      FloatVector d4 = FloatVector.fromArray(Lanes.F, dy, at + 4 * L);
      FloatVector d5 = FloatVector.fromArray(Lanes.F, dy, at + 5 * L);
      FloatVector d6 = FloatVector.fromArray(Lanes.F, dy, at + 6 * L);
      FloatVector d7 =
          FloatVector.fromArray(Lanes.F, dy, at + 7 * L)
              .reinterpretAsInts()
              .and(mask)
              .reinterpretAsFloats();
      for (; p < end; p++) {
        int o = xo + column[p] * xs;
        FloatVector s = FloatVector.fromArray(Lanes.F, x, o).mul(d0);
        FloatVector t = FloatVector.fromArray(Lanes.F, x, o + L).mul(d1);
        s = FloatVector.fromArray(Lanes.F, x, o + 2 * L).fma(d2, s);
        t = FloatVector.fromArray(Lanes.F, x, o + 3 * L).fma(d3, t);
        s = FloatVector.fromArray(Lanes.F, x, o + 4 * L).fma(d4, s);
        t = FloatVector.fromArray(Lanes.F, x, o + 5 * L).fma(d5, t);
        s = FloatVector.fromArray(Lanes.F, x, o + 6 * L).fma(d6, s);
        t =
            FloatVector.fromArray(Lanes.F, x, o + 7 * L)
                .reinterpretAsInts()
                .and(mask)
                .reinterpretAsFloats()
                .fma(d7, t);
        s = s.add(t);
        s = L == 16 ? s.add(s.rearrange(X8)) : s;
        s.add(s.rearrange(X4)).intoArray(sums, taken(p - g0));
      }
    }
    return r - 1;
  }
}
