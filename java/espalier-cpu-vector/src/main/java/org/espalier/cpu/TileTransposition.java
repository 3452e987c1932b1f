/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import static org.espalier.backend.host.HostBuffer.BASE;
import static org.espalier.cpu.LaneSums.M1;
import static org.espalier.cpu.LaneSums.M2;
import static org.espalier.cpu.LaneSums.M4;
import static org.espalier.cpu.LaneSums.M8;
import static org.espalier.cpu.LaneSums.X1;
import static org.espalier.cpu.LaneSums.X2;
import static org.espalier.cpu.LaneSums.X4;
import static org.espalier.cpu.LaneSums.X8;
import static org.espalier.cpu.Lanes.L;

import jdk.incubator.vector.FloatVector;

/**
 * Scales L rows and transposes them into columns, in blocks of L x L that are exchanged between
 * pairs of registers: step d swaps the lanes at distance d of the vectors at distance d. Two steps
 * are done on four vectors at a time, then memory in the first-level cache takes them to the other
 * two.
 *
 * <p>There is one way through the code, with or without a scaling, and no method takes vectors:
 * where a compiler does not inline one, they are put on the heap.
 */
final class TileTransposition {

  /** Length of a scratch array: two blocks. */
  static final int SCRATCH = BASE + 2 * L * L;

  /** Where the block at the edge goes before its columns are picked. */
  private static final int EDGE = BASE + L * L;

  private TileTransposition() {}

  /**
   * Scales and transposes L rows of {@code count} numbers.
   *
   * @param in row {@code i} starts at {@code from + i * stride} and is read up to a multiple of L
   * @param scaling what number {@code k} is multiplied by, at {@code scale + k}, and what is added
   *     then, at {@code shift + k}; read up to a multiple of L
   * @param out number {@code k} of row {@code i} goes to {@code to + k * outStride + i}
   */
  static void run(
      float[] in,
      int from,
      int stride,
      int count,
      float[] scaling,
      int scale,
      int shift,
      float[] scratch,
      float[] out,
      int to,
      int outStride) {
    int whole = count / L * L;
    for (int k = 0; k < count; k += L) {
      far(in, from + k, stride, scaling, scale + k, shift + k, scratch);
      // one call for both: a compiler may leave one that is rare with its vectors on the heap
      boolean edge = k == whole;
      int at = edge ? EDGE : to + k * outStride;
      near(scratch, edge ? scratch : out, at, edge ? L : outStride);
    }
    for (int k = whole; k < count; k++) {
      System.arraycopy(scratch, EDGE + (k - whole) * L, out, to + k * outStride, L);
    }
  }

  /** Distances 8 and 4. */
  private static void far(
      float[] in, int from, int stride, float[] scaling, int scale, int shift, float[] s) {
    if (L == 16) {
      far16(in, from, stride, scaling, scale, shift, s);
    } else {
      far8(in, from, stride, scaling, scale, shift, s);
    }
  }

  private static void far16(
      float[] in, int from, int stride, float[] scaling, int scale, int shift, float[] s) {
    FloatVector m = FloatVector.fromArray(Lanes.F, scaling, scale);
    FloatVector n = FloatVector.fromArray(Lanes.F, scaling, shift);
    for (int q = 0; q < 4; q++) {
      int at = from + q * stride;
      int o = BASE + q * L;
      FloatVector a = FloatVector.fromArray(Lanes.F, in, at).fma(m, n);
      FloatVector b = FloatVector.fromArray(Lanes.F, in, at + 4 * stride).fma(m, n);
      FloatVector c = FloatVector.fromArray(Lanes.F, in, at + 8 * stride).fma(m, n);
      FloatVector d = FloatVector.fromArray(Lanes.F, in, at + 12 * stride).fma(m, n);
      FloatVector ac = a.blend(c.rearrange(X8), M8);
      FloatVector ca = a.rearrange(X8).blend(c, M8);
      FloatVector bd = b.blend(d.rearrange(X8), M8);
      FloatVector db = b.rearrange(X8).blend(d, M8);
      ac.blend(bd.rearrange(X4), M4).intoArray(s, o);
      ac.rearrange(X4).blend(bd, M4).intoArray(s, o + 4 * L);
      ca.blend(db.rearrange(X4), M4).intoArray(s, o + 8 * L);
      ca.rearrange(X4).blend(db, M4).intoArray(s, o + 12 * L);
    }
  }

  private static void far8(
      float[] in, int from, int stride, float[] scaling, int scale, int shift, float[] s) {
    FloatVector m = FloatVector.fromArray(Lanes.F, scaling, scale);
    FloatVector n = FloatVector.fromArray(Lanes.F, scaling, shift);
    for (int q = 0; q < 4; q++) {
      int at = from + q * stride;
      int o = BASE + q * L;
      FloatVector a = FloatVector.fromArray(Lanes.F, in, at).fma(m, n);
      FloatVector b = FloatVector.fromArray(Lanes.F, in, at + 4 * stride).fma(m, n);
      a.blend(b.rearrange(X4), M4).intoArray(s, o);
      a.rearrange(X4).blend(b, M4).intoArray(s, o + 4 * L);
    }
  }

  /** Distances 2 and 1. The loops are apart because small ones stay in registers. */
  private static void near(float[] s, float[] out, int to, int stride) {
    nearFirst(s, out, to, stride);
    nearLast(s, out, to + 2 * stride, stride);
  }

  /** Columns 0 and 1 of every 4. */
  private static void nearFirst(float[] s, float[] out, int to, int stride) {
    for (int q = 0; q < L; q += 4) {
      int o = BASE + q * L;
      FloatVector a =
          FloatVector.fromArray(Lanes.F, s, o)
              .blend(FloatVector.fromArray(Lanes.F, s, o + 2 * L).rearrange(X2), M2);
      FloatVector b =
          FloatVector.fromArray(Lanes.F, s, o + L)
              .blend(FloatVector.fromArray(Lanes.F, s, o + 3 * L).rearrange(X2), M2);
      a.blend(b.rearrange(X1), M1).intoArray(out, to + q * stride);
      a.rearrange(X1).blend(b, M1).intoArray(out, to + (q + 1) * stride);
    }
  }

  /** Columns 2 and 3 of every 4. */
  private static void nearLast(float[] s, float[] out, int to, int stride) {
    for (int q = 0; q < L; q += 4) {
      int o = BASE + q * L;
      FloatVector a =
          FloatVector.fromArray(Lanes.F, s, o)
              .rearrange(X2)
              .blend(FloatVector.fromArray(Lanes.F, s, o + 2 * L), M2);
      FloatVector b =
          FloatVector.fromArray(Lanes.F, s, o + L)
              .rearrange(X2)
              .blend(FloatVector.fromArray(Lanes.F, s, o + 3 * L), M2);
      a.blend(b.rearrange(X1), M1).intoArray(out, to + q * stride);
      a.rearrange(X1).blend(b, M1).intoArray(out, to + (q + 1) * stride);
    }
  }
}
