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

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * Scales L rows and transposes them into columns, in blocks of L x L that are exchanged between
 * pairs of registers: step d swaps the lanes at distance d of the vectors at distance d.
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
   * Returns the scaling that leaves up to so many numbers as they are, bit for bit: times one, from
   * {@code BASE} on, plus minus zero, from {@code BASE + length} on.
   */
  static float[] identity(int length) {
    float[] identity = new float[BASE + 2 * length];
    Arrays.fill(identity, BASE, BASE + length, 1);
    Arrays.fill(identity, BASE + length, identity.length, -0f);
    return identity;
  }

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
    if (L == 8) {
      blocks8(in, from, stride, whole, scaling, scale, shift, out, to, outStride);
      if (whole < count) {
        int at = from + whole;
        blocks8(in, at, stride, L, scaling, scale + whole, shift + whole, scratch, EDGE, L);
      }
    } else {
      for (int k = 0; k < count; k += L) {
        far16(in, from + k, stride, scaling, scale + k, shift + k, scratch);
        // one call for both: a compiler may leave one that is rare with its vectors on the heap
        boolean edge = k == whole;
        int at = edge ? EDGE : to + k * outStride;
        near16(scratch, edge ? scratch : out, at, edge ? L : outStride);
      }
    }
    for (int k = whole; k < count; k++) {
      System.arraycopy(scratch, EDGE + (k - whole) * L, out, to + k * outStride, L);
    }
  }

  /** Does {@code count / 8} blocks, all steps of each in registers. */
  private static void blocks8(
      float[] in,
      int from,
      int stride,
      int count,
      float[] scaling,
      int scale,
      int shift,
      float[] out,
      int firstTo,
      int outStride) {
    int to = firstTo;
    for (int k = 0; k < count; k += 8) {
      int at = from + k;
      FloatVector m = FloatVector.fromArray(Lanes.F, scaling, scale + k);
      FloatVector n = FloatVector.fromArray(Lanes.F, scaling, shift + k);
      FloatVector a0 = FloatVector.fromArray(Lanes.F, in, at).fma(m, n);
      FloatVector a1 = FloatVector.fromArray(Lanes.F, in, at + stride).fma(m, n);
      FloatVector a2 = FloatVector.fromArray(Lanes.F, in, at + 2 * stride).fma(m, n);
      FloatVector a3 = FloatVector.fromArray(Lanes.F, in, at + 3 * stride).fma(m, n);
      FloatVector a4 = FloatVector.fromArray(Lanes.F, in, at + 4 * stride).fma(m, n);
      FloatVector a5 = FloatVector.fromArray(Lanes.F, in, at + 5 * stride).fma(m, n);
      FloatVector a6 = FloatVector.fromArray(Lanes.F, in, at + 6 * stride).fma(m, n);
      FloatVector a7 = FloatVector.fromArray(Lanes.F, in, at + 7 * stride).fma(m, n);
      FloatVector b0 = a0.blend(a4.rearrange(X4), M4);
      FloatVector b4 = a0.rearrange(X4).blend(a4, M4);
      FloatVector b1 = a1.blend(a5.rearrange(X4), M4);
      FloatVector b5 = a1.rearrange(X4).blend(a5, M4);
      FloatVector b2 = a2.blend(a6.rearrange(X4), M4);
      FloatVector b6 = a2.rearrange(X4).blend(a6, M4);
      FloatVector b3 = a3.blend(a7.rearrange(X4), M4);
      FloatVector b7 = a3.rearrange(X4).blend(a7, M4);
      FloatVector c0 = b0.blend(b2.rearrange(X2), M2);
      FloatVector c2 = b0.rearrange(X2).blend(b2, M2);
      FloatVector c1 = b1.blend(b3.rearrange(X2), M2);
      FloatVector c3 = b1.rearrange(X2).blend(b3, M2);
      c0.blend(c1.rearrange(X1), M1).intoArray(out, to);
      c0.rearrange(X1).blend(c1, M1).intoArray(out, to + outStride);
      c2.blend(c3.rearrange(X1), M1).intoArray(out, to + 2 * outStride);
      c2.rearrange(X1).blend(c3, M1).intoArray(out, to + 3 * outStride);
      FloatVector c4 = b4.blend(b6.rearrange(X2), M2);
      FloatVector c6 = b4.rearrange(X2).blend(b6, M2);
      FloatVector c5 = b5.blend(b7.rearrange(X2), M2);
      FloatVector c7 = b5.rearrange(X2).blend(b7, M2);
      c4.blend(c5.rearrange(X1), M1).intoArray(out, to + 4 * outStride);
      c4.rearrange(X1).blend(c5, M1).intoArray(out, to + 5 * outStride);
      c6.blend(c7.rearrange(X1), M1).intoArray(out, to + 6 * outStride);
      c6.rearrange(X1).blend(c7, M1).intoArray(out, to + 7 * outStride);
      to += 8 * outStride;
    }
  }

  /**
   * Distances 8 and 4, on four vectors at a time: 16 and what their exchanges need are too many.
   * Memory in the first-level cache takes them to the other two.
   */
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

  /** Distances 2 and 1. The loops are apart because small ones stay in registers. */
  private static void near16(float[] s, float[] out, int to, int stride) {
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
