/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import static org.espalier.cpu.LaneSums.X4;
import static org.espalier.cpu.LaneSums.X8;
import static org.espalier.cpu.LaneSums.taken;
import static org.espalier.cpu.Lanes.L;
import static org.espalier.cpu.Lanes.and;
import static org.espalier.cpu.Lanes.load;

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
    IntVector mask = Lanes.mask(tailMask);
    int r = row;
    for (int p = g0; p < g1; r++) {
      int end = Math.min(rowStart[r + 1], g1);
      if (p >= end) {
        continue;
      }
      int at = dyo + r * dys;
      FloatVector d0 = and(load(dy, at), mask);
      for (; p < end; p++) {
        int o = xo + column[p] * xs;
        FloatVector s = and(load(x, o), mask).mul(d0);
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
    IntVector mask = Lanes.mask(tailMask);
    int r = row;
    for (int p = g0; p < g1; r++) {
      int end = Math.min(rowStart[r + 1], g1);
      if (p >= end) {
        continue;
      }
      int at = dyo + r * dys;
      FloatVector d0 = load(dy, at);
      FloatVector d1 = and(load(dy, at + L), mask);
      for (; p < end; p++) {
        int o = xo + column[p] * xs;
        FloatVector s = load(x, o).mul(d0);
        FloatVector t = and(load(x, o + L), mask).mul(d1);
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
    IntVector mask = Lanes.mask(tailMask);
    int r = row;
    for (int p = g0; p < g1; r++) {
      int end = Math.min(rowStart[r + 1], g1);
      if (p >= end) {
        continue;
      }
      int at = dyo + r * dys;
      FloatVector d0 = load(dy, at);
      FloatVector d1 = load(dy, at + L);
      FloatVector d2 = and(load(dy, at + 2 * L), mask);
      for (; p < end; p++) {
        int o = xo + column[p] * xs;
        FloatVector s = load(x, o).mul(d0);
        FloatVector t = load(x, o + L).mul(d1);
        s = and(load(x, o + 2 * L), mask).fma(d2, s);
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
    IntVector mask = Lanes.mask(tailMask);
    int r = row;
    for (int p = g0; p < g1; r++) {
      int end = Math.min(rowStart[r + 1], g1);
      if (p >= end) {
        continue;
      }
      int at = dyo + r * dys;
      FloatVector d0 = load(dy, at);
      FloatVector d1 = load(dy, at + L);
      FloatVector d2 = load(dy, at + 2 * L);
      FloatVector d3 = and(load(dy, at + 3 * L), mask);
      for (; p < end; p++) {
        int o = xo + column[p] * xs;
        FloatVector s = load(x, o).mul(d0);
        FloatVector t = load(x, o + L).mul(d1);
        s = load(x, o + 2 * L).fma(d2, s);
        t = and(load(x, o + 3 * L), mask).fma(d3, t);
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
    IntVector mask = Lanes.mask(tailMask);
    int r = row;
    for (int p = g0; p < g1; r++) {
      int end = Math.min(rowStart[r + 1], g1);
      if (p >= end) {
        continue;
      }
      int at = dyo + r * dys;
      FloatVector d0 = load(dy, at);
      FloatVector d1 = load(dy, at + L);
      FloatVector d2 = load(dy, at + 2 * L);
      FloatVector d3 = load(dy, at + 3 * L);
      FloatVector d4 = and(load(dy, at + 4 * L), mask);
      for (; p < end; p++) {
        int o = xo + column[p] * xs;
        FloatVector s = load(x, o).mul(d0);
        FloatVector t = load(x, o + L).mul(d1);
        s = load(x, o + 2 * L).fma(d2, s);
        t = load(x, o + 3 * L).fma(d3, t);
        s = and(load(x, o + 4 * L), mask).fma(d4, s);
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
    IntVector mask = Lanes.mask(tailMask);
    int r = row;
    for (int p = g0; p < g1; r++) {
      int end = Math.min(rowStart[r + 1], g1);
      if (p >= end) {
        continue;
      }
      int at = dyo + r * dys;
      FloatVector d0 = load(dy, at);
      FloatVector d1 = load(dy, at + L);
      FloatVector d2 = load(dy, at + 2 * L);
      FloatVector d3 = load(dy, at + 3 * L);
      FloatVector d4 = load(dy, at + 4 * L);
      FloatVector d5 = and(load(dy, at + 5 * L), mask);
      for (; p < end; p++) {
        int o = xo + column[p] * xs;
        FloatVector s = load(x, o).mul(d0);
        FloatVector t = load(x, o + L).mul(d1);
        s = load(x, o + 2 * L).fma(d2, s);
        t = load(x, o + 3 * L).fma(d3, t);
        s = load(x, o + 4 * L).fma(d4, s);
        t = and(load(x, o + 5 * L), mask).fma(d5, t);
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
    IntVector mask = Lanes.mask(tailMask);
    int r = row;
    for (int p = g0; p < g1; r++) {
      int end = Math.min(rowStart[r + 1], g1);
      if (p >= end) {
        continue;
      }
      int at = dyo + r * dys;
      FloatVector d0 = load(dy, at);
      FloatVector d1 = load(dy, at + L);
      FloatVector d2 = load(dy, at + 2 * L);
      FloatVector d3 = load(dy, at + 3 * L);
      FloatVector d4 = load(dy, at + 4 * L);
      FloatVector d5 = load(dy, at + 5 * L);
      FloatVector d6 = and(load(dy, at + 6 * L), mask);
      for (; p < end; p++) {
        int o = xo + column[p] * xs;
        FloatVector s = load(x, o).mul(d0);
        FloatVector t = load(x, o + L).mul(d1);
        s = load(x, o + 2 * L).fma(d2, s);
        t = load(x, o + 3 * L).fma(d3, t);
        s = load(x, o + 4 * L).fma(d4, s);
        t = load(x, o + 5 * L).fma(d5, t);
        s = and(load(x, o + 6 * L), mask).fma(d6, s);
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
    IntVector mask = Lanes.mask(tailMask);
    int r = row;
    for (int p = g0; p < g1; r++) {
      int end = Math.min(rowStart[r + 1], g1);
      if (p >= end) {
        continue;
      }
      int at = dyo + r * dys;
      FloatVector d0 = load(dy, at);
      FloatVector d1 = load(dy, at + L);
      FloatVector d2 = load(dy, at + 2 * L);
      FloatVector d3 = load(dy, at + 3 * L);
      FloatVector d4 = load(dy, at + 4 * L);
      FloatVector d5 = load(dy, at + 5 * L);
      FloatVector d6 = load(dy, at + 6 * L);
      FloatVector d7 = and(load(dy, at + 7 * L), mask);
      for (; p < end; p++) {
        int o = xo + column[p] * xs;
        FloatVector s = load(x, o).mul(d0);
        FloatVector t = load(x, o + L).mul(d1);
        s = load(x, o + 2 * L).fma(d2, s);
        t = load(x, o + 3 * L).fma(d3, t);
        s = load(x, o + 4 * L).fma(d4, s);
        t = load(x, o + 5 * L).fma(d5, t);
        s = load(x, o + 6 * L).fma(d6, s);
        t = and(load(x, o + 7 * L), mask).fma(d7, t);
        s = s.add(t);
        s = L == 16 ? s.add(s.rearrange(X8)) : s;
        s.add(s.rearrange(X4)).intoArray(sums, taken(p - g0));
      }
    }
    return r - 1;
  }
}
