/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import static org.espalier.cpu.LaneSums.KEPT;
import static org.espalier.cpu.LaneSums.PAIR;
import static org.espalier.cpu.LaneSums.X4;
import static org.espalier.cpu.LaneSums.X8;
import static org.espalier.cpu.LaneSums.taken;
import static org.espalier.cpu.Lanes.F;
import static org.espalier.cpu.Lanes.I;
import static org.espalier.cpu.Lanes.L;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;

/**
 * The inner loops of {@link SddmmTiles}, one method for each width of a tile (see {@link SpmmRows}
 * for why): the products of the connections of segments {@code g0} to {@code g1}, summed over the
 * vectors of a tile, and over the lanes as {@link LaneSums#finish} wants them. That is written out
 * in each: a method that takes a vector is not always inlined, and then the vector goes to the
 * heap.
 *
 * <p>The row of dY stays in registers; a connection costs one load and one fma for each vector, in
 * two chains. Its loads have to be on their way before the sums of the connections before it are
 * done, so nothing that leads to their address may pass through the floating-point unit, where it
 * would wait for those sums. That is where the compiler keeps what general registers have no room
 * for; so connections come as offsets, which need no stride.
 *
 * <p>The last vector starts at {@code last}, so that it ends where the positions do; what it shares
 * with the one before is 0 in dY (where X is not finite there, no more is the sum). Only a tile of
 * one vector has nothing before it, and masks both.
 */
final class SddmmDots {

  private SddmmDots() {}

  static void dots1(
      int g0,
      int g1,
      int[] start,
      int[] shift,
      int[] offset,
      float[] x,
      int xo,
      float[] dy,
      int dyo,
      int dys,
      int[] window,
      long[] sums) {
    int at = dyo;
    for (int g = g0; g < g1; g++, at += dys) {
      int end = start[g + 1];
      int p = start[g];
      if (p == end) {
        continue;
      }
      int to = taken(shift[g]);
      IntVector mask = IntVector.fromArray(I, window, 0);
      FloatVector d0 =
          FloatVector.fromArray(F, dy, at).reinterpretAsInts().and(mask).reinterpretAsFloats();
      for (; p < end; p++) {
        int o = xo + offset[p];
        FloatVector s =
            FloatVector.fromArray(F, x, o)
                .reinterpretAsInts()
                .and(mask)
                .reinterpretAsFloats()
                .mul(d0);
        s = L == 16 ? s.add(s.rearrange(X8)) : s;
        s = s.add(s.rearrange(X4));
        ((LongVector) s.reinterpretAsLongs().reinterpretShape(PAIR, 0))
            .intoArray(sums, to + KEPT * p);
      }
    }
  }

  static void dots2(
      int g0,
      int g1,
      int[] start,
      int[] shift,
      int[] offset,
      float[] x,
      int xo,
      float[] dy,
      int dyo,
      int dys,
      int last,
      int[] window,
      long[] sums) {
    int at = dyo;
    for (int g = g0; g < g1; g++, at += dys) {
      int end = start[g + 1];
      int p = start[g];
      if (p == end) {
        continue;
      }
      int to = taken(shift[g]);
      IntVector mask = IntVector.fromArray(I, window, 0);
      FloatVector d0 = FloatVector.fromArray(F, dy, at);
      FloatVector d1 =
          FloatVector.fromArray(F, dy, at + last)
              .reinterpretAsInts()
              .and(mask)
              .reinterpretAsFloats();
      for (; p < end; p++) {
        int o = xo + offset[p];
        FloatVector s = FloatVector.fromArray(F, x, o).mul(d0);
        FloatVector t = FloatVector.fromArray(F, x, o + last).mul(d1);
        s = s.add(t);
        s = L == 16 ? s.add(s.rearrange(X8)) : s;
        s = s.add(s.rearrange(X4));
        ((LongVector) s.reinterpretAsLongs().reinterpretShape(PAIR, 0))
            .intoArray(sums, to + KEPT * p);
      }
    }
  }

  static void dots3(
      int g0,
      int g1,
      int[] start,
      int[] shift,
      int[] offset,
      float[] x,
      int xo,
      float[] dy,
      int dyo,
      int dys,
      int last,
      int[] window,
      long[] sums) {
    int at = dyo;
    for (int g = g0; g < g1; g++, at += dys) {
      int end = start[g + 1];
      int p = start[g];
      if (p == end) {
        continue;
      }
      int to = taken(shift[g]);
      IntVector mask = IntVector.fromArray(I, window, 0);
      FloatVector d0 = FloatVector.fromArray(F, dy, at);
      FloatVector d1 = FloatVector.fromArray(F, dy, at + L);
      FloatVector d2 =
          FloatVector.fromArray(F, dy, at + last)
              .reinterpretAsInts()
              .and(mask)
              .reinterpretAsFloats();
      for (; p < end; p++) {
        int o = xo + offset[p];
        FloatVector s = FloatVector.fromArray(F, x, o).mul(d0);
        FloatVector t = FloatVector.fromArray(F, x, o + L).mul(d1);
        s = FloatVector.fromArray(F, x, o + last).fma(d2, s);
        s = s.add(t);
        s = L == 16 ? s.add(s.rearrange(X8)) : s;
        s = s.add(s.rearrange(X4));
        ((LongVector) s.reinterpretAsLongs().reinterpretShape(PAIR, 0))
            .intoArray(sums, to + KEPT * p);
      }
    }
  }

  static void dots4(
      int g0,
      int g1,
      int[] start,
      int[] shift,
      int[] offset,
      float[] x,
      int xo,
      float[] dy,
      int dyo,
      int dys,
      int last,
      int[] window,
      long[] sums) {
    int at = dyo;
    for (int g = g0; g < g1; g++, at += dys) {
      int end = start[g + 1];
      int p = start[g];
      if (p == end) {
        continue;
      }
      int to = taken(shift[g]);
      IntVector mask = IntVector.fromArray(I, window, 0);
      FloatVector d0 = FloatVector.fromArray(F, dy, at);
      FloatVector d1 = FloatVector.fromArray(F, dy, at + L);
      FloatVector d2 = FloatVector.fromArray(F, dy, at + 2 * L);
      FloatVector d3 =
          FloatVector.fromArray(F, dy, at + last)
              .reinterpretAsInts()
              .and(mask)
              .reinterpretAsFloats();
      for (; p < end; p++) {
        int o = xo + offset[p];
        FloatVector s = FloatVector.fromArray(F, x, o).mul(d0);
        FloatVector t = FloatVector.fromArray(F, x, o + L).mul(d1);
        s = FloatVector.fromArray(F, x, o + 2 * L).fma(d2, s);
        t = FloatVector.fromArray(F, x, o + last).fma(d3, t);
        s = s.add(t);
        s = L == 16 ? s.add(s.rearrange(X8)) : s;
        s = s.add(s.rearrange(X4));
        ((LongVector) s.reinterpretAsLongs().reinterpretShape(PAIR, 0))
            .intoArray(sums, to + KEPT * p);
      }
    }
  }

  static void dots5(
      int g0,
      int g1,
      int[] start,
      int[] shift,
      int[] offset,
      float[] x,
      int xo,
      float[] dy,
      int dyo,
      int dys,
      int last,
      int[] window,
      long[] sums) {
    int at = dyo;
    for (int g = g0; g < g1; g++, at += dys) {
      int end = start[g + 1];
      int p = start[g];
      if (p == end) {
        continue;
      }
      int to = taken(shift[g]);
      IntVector mask = IntVector.fromArray(I, window, 0);
      FloatVector d0 = FloatVector.fromArray(F, dy, at);
      FloatVector d1 = FloatVector.fromArray(F, dy, at + L);
      FloatVector d2 = FloatVector.fromArray(F, dy, at + 2 * L);
      FloatVector d3 = FloatVector.fromArray(F, dy, at + 3 * L);
      FloatVector d4 =
          FloatVector.fromArray(F, dy, at + last)
              .reinterpretAsInts()
              .and(mask)
              .reinterpretAsFloats();
      for (; p < end; p++) {
        int o = xo + offset[p];
        FloatVector s = FloatVector.fromArray(F, x, o).mul(d0);
        FloatVector t = FloatVector.fromArray(F, x, o + L).mul(d1);
        s = FloatVector.fromArray(F, x, o + 2 * L).fma(d2, s);
        t = FloatVector.fromArray(F, x, o + 3 * L).fma(d3, t);
        s = FloatVector.fromArray(F, x, o + last).fma(d4, s);
        s = s.add(t);
        s = L == 16 ? s.add(s.rearrange(X8)) : s;
        s = s.add(s.rearrange(X4));
        ((LongVector) s.reinterpretAsLongs().reinterpretShape(PAIR, 0))
            .intoArray(sums, to + KEPT * p);
      }
    }
  }

  static void dots6(
      int g0,
      int g1,
      int[] start,
      int[] shift,
      int[] offset,
      float[] x,
      int xo,
      float[] dy,
      int dyo,
      int dys,
      int last,
      int[] window,
      long[] sums) {
    int at = dyo;
    for (int g = g0; g < g1; g++, at += dys) {
      int end = start[g + 1];
      int p = start[g];
      if (p == end) {
        continue;
      }
      int to = taken(shift[g]);
      IntVector mask = IntVector.fromArray(I, window, 0);
      FloatVector d0 = FloatVector.fromArray(F, dy, at);
      FloatVector d1 = FloatVector.fromArray(F, dy, at + L);
      FloatVector d2 = FloatVector.fromArray(F, dy, at + 2 * L);
      FloatVector d3 = FloatVector.fromArray(F, dy, at + 3 * L);
      FloatVector d4 = FloatVector.fromArray(F, dy, at + 4 * L);
      FloatVector d5 =
          FloatVector.fromArray(F, dy, at + last)
              .reinterpretAsInts()
              .and(mask)
              .reinterpretAsFloats();
      for (; p < end; p++) {
        int o = xo + offset[p];
        FloatVector s = FloatVector.fromArray(F, x, o).mul(d0);
        FloatVector t = FloatVector.fromArray(F, x, o + L).mul(d1);
        s = FloatVector.fromArray(F, x, o + 2 * L).fma(d2, s);
        t = FloatVector.fromArray(F, x, o + 3 * L).fma(d3, t);
        s = FloatVector.fromArray(F, x, o + 4 * L).fma(d4, s);
        t = FloatVector.fromArray(F, x, o + last).fma(d5, t);
        s = s.add(t);
        s = L == 16 ? s.add(s.rearrange(X8)) : s;
        s = s.add(s.rearrange(X4));
        ((LongVector) s.reinterpretAsLongs().reinterpretShape(PAIR, 0))
            .intoArray(sums, to + KEPT * p);
      }
    }
  }

  static void dots7(
      int g0,
      int g1,
      int[] start,
      int[] shift,
      int[] offset,
      float[] x,
      int xo,
      float[] dy,
      int dyo,
      int dys,
      int last,
      int[] window,
      long[] sums) {
    int at = dyo;
    for (int g = g0; g < g1; g++, at += dys) {
      int end = start[g + 1];
      int p = start[g];
      if (p == end) {
        continue;
      }
      int to = taken(shift[g]);
      IntVector mask = IntVector.fromArray(I, window, 0);
      FloatVector d0 = FloatVector.fromArray(F, dy, at);
      FloatVector d1 = FloatVector.fromArray(F, dy, at + L);
      FloatVector d2 = FloatVector.fromArray(F, dy, at + 2 * L);
      FloatVector d3 = FloatVector.fromArray(F, dy, at + 3 * L);
      FloatVector d4 = FloatVector.fromArray(F, dy, at + 4 * L);
      FloatVector d5 = FloatVector.fromArray(F, dy, at + 5 * L);
      FloatVector d6 =
          FloatVector.fromArray(F, dy, at + last)
              .reinterpretAsInts()
              .and(mask)
              .reinterpretAsFloats();
      for (; p < end; p++) {
        int o = xo + offset[p];
        FloatVector s = FloatVector.fromArray(F, x, o).mul(d0);
        FloatVector t = FloatVector.fromArray(F, x, o + L).mul(d1);
        s = FloatVector.fromArray(F, x, o + 2 * L).fma(d2, s);
        t = FloatVector.fromArray(F, x, o + 3 * L).fma(d3, t);
        s = FloatVector.fromArray(F, x, o + 4 * L).fma(d4, s);
        t = FloatVector.fromArray(F, x, o + 5 * L).fma(d5, t);
        s = FloatVector.fromArray(F, x, o + last).fma(d6, s);
        s = s.add(t);
        s = L == 16 ? s.add(s.rearrange(X8)) : s;
        s = s.add(s.rearrange(X4));
        ((LongVector) s.reinterpretAsLongs().reinterpretShape(PAIR, 0))
            .intoArray(sums, to + KEPT * p);
      }
    }
  }

  static void dots8(
      int g0,
      int g1,
      int[] start,
      int[] shift,
      int[] offset,
      float[] x,
      int xo,
      float[] dy,
      int dyo,
      int dys,
      int last,
      int[] window,
      long[] sums) {
    int at = dyo;
    for (int g = g0; g < g1; g++, at += dys) {
      int end = start[g + 1];
      int p = start[g];
      if (p == end) {
        continue;
      }
      int to = taken(shift[g]);
      IntVector mask = IntVector.fromArray(I, window, 0);
      FloatVector d0 = FloatVector.fromArray(F, dy, at);
      FloatVector d1 = FloatVector.fromArray(F, dy, at + L);
      FloatVector d2 = FloatVector.fromArray(F, dy, at + 2 * L);
      FloatVector d3 = FloatVector.fromArray(F, dy, at + 3 * L);
      FloatVector d4 = FloatVector.fromArray(F, dy, at + 4 * L);
      FloatVector d5 = FloatVector.fromArray(F, dy, at + 5 * L);
      FloatVector d6 = FloatVector.fromArray(F, dy, at + 6 * L);
      FloatVector d7 =
          FloatVector.fromArray(F, dy, at + last)
              .reinterpretAsInts()
              .and(mask)
              .reinterpretAsFloats();
      for (; p < end; p++) {
        int o = xo + offset[p];
        FloatVector s = FloatVector.fromArray(F, x, o).mul(d0);
        FloatVector t = FloatVector.fromArray(F, x, o + L).mul(d1);
        s = FloatVector.fromArray(F, x, o + 2 * L).fma(d2, s);
        t = FloatVector.fromArray(F, x, o + 3 * L).fma(d3, t);
        s = FloatVector.fromArray(F, x, o + 4 * L).fma(d4, s);
        t = FloatVector.fromArray(F, x, o + 5 * L).fma(d5, t);
        s = FloatVector.fromArray(F, x, o + 6 * L).fma(d6, s);
        t = FloatVector.fromArray(F, x, o + last).fma(d7, t);
        s = s.add(t);
        s = L == 16 ? s.add(s.rearrange(X8)) : s;
        s = s.add(s.rearrange(X4));
        ((LongVector) s.reinterpretAsLongs().reinterpretShape(PAIR, 0))
            .intoArray(sums, to + KEPT * p);
      }
    }
  }
}
