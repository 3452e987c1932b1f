/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import static org.espalier.cpu.LaneSums.KEPT;
import static org.espalier.cpu.LaneSums.PAIR;
import static org.espalier.cpu.LaneSums.X4;
import static org.espalier.cpu.LaneSums.taken;
import static org.espalier.cpu.Lanes.F;
import static org.espalier.cpu.Lanes.I;
import static org.espalier.cpu.Lanes.L;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;

/**
 * More of {@link SddmmDots}, for 8 lanes: 13 vectors of a row of dY, two sums and a product are
 * what 16 registers hold. A batch of 100 is one tile then, and a connection is visited once.
 */
final class SddmmWideDots {

  private SddmmWideDots() {}

  static void dots9(
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
      FloatVector d7 = FloatVector.fromArray(F, dy, at + 7 * L);
      FloatVector d8 =
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
        t = FloatVector.fromArray(F, x, o + 7 * L).fma(d7, t);
        s = FloatVector.fromArray(F, x, o + last).fma(d8, s);
        s = s.add(t);
        s = s.add(s.rearrange(X4));
        ((LongVector) s.reinterpretAsLongs().reinterpretShape(PAIR, 0))
            .intoArray(sums, to + KEPT * p);
      }
    }
  }

  static void dots10(
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
      FloatVector d7 = FloatVector.fromArray(F, dy, at + 7 * L);
      FloatVector d8 = FloatVector.fromArray(F, dy, at + 8 * L);
      FloatVector d9 =
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
        t = FloatVector.fromArray(F, x, o + 7 * L).fma(d7, t);
        s = FloatVector.fromArray(F, x, o + 8 * L).fma(d8, s);
        t = FloatVector.fromArray(F, x, o + last).fma(d9, t);
        s = s.add(t);
        s = s.add(s.rearrange(X4));
        ((LongVector) s.reinterpretAsLongs().reinterpretShape(PAIR, 0))
            .intoArray(sums, to + KEPT * p);
      }
    }
  }

  static void dots11(
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
      FloatVector d7 = FloatVector.fromArray(F, dy, at + 7 * L);
      FloatVector d8 = FloatVector.fromArray(F, dy, at + 8 * L);
      FloatVector d9 = FloatVector.fromArray(F, dy, at + 9 * L);
      FloatVector d10 =
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
        t = FloatVector.fromArray(F, x, o + 7 * L).fma(d7, t);
        s = FloatVector.fromArray(F, x, o + 8 * L).fma(d8, s);
        t = FloatVector.fromArray(F, x, o + 9 * L).fma(d9, t);
        s = FloatVector.fromArray(F, x, o + last).fma(d10, s);
        s = s.add(t);
        s = s.add(s.rearrange(X4));
        ((LongVector) s.reinterpretAsLongs().reinterpretShape(PAIR, 0))
            .intoArray(sums, to + KEPT * p);
      }
    }
  }

  static void dots12(
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
      FloatVector d7 = FloatVector.fromArray(F, dy, at + 7 * L);
      FloatVector d8 = FloatVector.fromArray(F, dy, at + 8 * L);
      FloatVector d9 = FloatVector.fromArray(F, dy, at + 9 * L);
      FloatVector d10 = FloatVector.fromArray(F, dy, at + 10 * L);
      FloatVector d11 =
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
        t = FloatVector.fromArray(F, x, o + 7 * L).fma(d7, t);
        s = FloatVector.fromArray(F, x, o + 8 * L).fma(d8, s);
        t = FloatVector.fromArray(F, x, o + 9 * L).fma(d9, t);
        s = FloatVector.fromArray(F, x, o + 10 * L).fma(d10, s);
        t = FloatVector.fromArray(F, x, o + last).fma(d11, t);
        s = s.add(t);
        s = s.add(s.rearrange(X4));
        ((LongVector) s.reinterpretAsLongs().reinterpretShape(PAIR, 0))
            .intoArray(sums, to + KEPT * p);
      }
    }
  }

  static void dots13(
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
      FloatVector d7 = FloatVector.fromArray(F, dy, at + 7 * L);
      FloatVector d8 = FloatVector.fromArray(F, dy, at + 8 * L);
      FloatVector d9 = FloatVector.fromArray(F, dy, at + 9 * L);
      FloatVector d10 = FloatVector.fromArray(F, dy, at + 10 * L);
      FloatVector d11 = FloatVector.fromArray(F, dy, at + 11 * L);
      FloatVector d12 =
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
        t = FloatVector.fromArray(F, x, o + 7 * L).fma(d7, t);
        s = FloatVector.fromArray(F, x, o + 8 * L).fma(d8, s);
        t = FloatVector.fromArray(F, x, o + 9 * L).fma(d9, t);
        s = FloatVector.fromArray(F, x, o + 10 * L).fma(d10, s);
        t = FloatVector.fromArray(F, x, o + 11 * L).fma(d11, t);
        s = FloatVector.fromArray(F, x, o + last).fma(d12, s);
        s = s.add(t);
        s = s.add(s.rearrange(X4));
        ((LongVector) s.reinterpretAsLongs().reinterpretShape(PAIR, 0))
            .intoArray(sums, to + KEPT * p);
      }
    }
  }
}
