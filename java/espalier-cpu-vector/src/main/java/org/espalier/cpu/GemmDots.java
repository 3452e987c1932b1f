/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import static org.espalier.cpu.Lanes.L;

import jdk.incubator.vector.FloatVector;

/**
 * The inner loop of {@link GemmGradientKernel}: 4 rows of dY times 4 rows of X, each pair summed
 * over the vectors of a chunk of positions but not over their lanes.
 *
 * <p>A step costs 8 loads and 16 fma. The sixteen sums go to {@code sums} one vector each; the
 * second row of dY starts {@code rowStep} after the first.
 */
final class GemmDots {

  private GemmDots() {}

  static void dots4x4(
      int vectors,
      float[] dy,
      int d0,
      int d1,
      int d2,
      int d3,
      float[] x,
      int x0,
      int x1,
      int x2,
      int x3,
      float[] sums,
      int to,
      int rowStep) {
    FloatVector a00 = FloatVector.zero(Lanes.F);
    FloatVector a01 = a00;
    FloatVector a02 = a00;
    FloatVector a03 = a00;
    FloatVector a10 = a00;
    FloatVector a11 = a00;
    FloatVector a12 = a00;
    FloatVector a13 = a00;
    FloatVector a20 = a00;
    FloatVector a21 = a00;
    FloatVector a22 = a00;
    FloatVector a23 = a00;
    FloatVector a30 = a00;
    FloatVector a31 = a00;
    FloatVector a32 = a00;
    FloatVector a33 = a00;
    for (int v = 0; v < vectors; v++) {
      int o = v * L;
      FloatVector b0 = FloatVector.fromArray(Lanes.F, x, x0 + o);
      FloatVector b1 = FloatVector.fromArray(Lanes.F, x, x1 + o);
      FloatVector b2 = FloatVector.fromArray(Lanes.F, x, x2 + o);
      FloatVector b3 = FloatVector.fromArray(Lanes.F, x, x3 + o);
      FloatVector e0 = FloatVector.fromArray(Lanes.F, dy, d0 + o);
      a00 = b0.fma(e0, a00);
      a01 = b1.fma(e0, a01);
      a02 = b2.fma(e0, a02);
      a03 = b3.fma(e0, a03);
      FloatVector e1 = FloatVector.fromArray(Lanes.F, dy, d1 + o);
      a10 = b0.fma(e1, a10);
      a11 = b1.fma(e1, a11);
      a12 = b2.fma(e1, a12);
      a13 = b3.fma(e1, a13);
      FloatVector e2 = FloatVector.fromArray(Lanes.F, dy, d2 + o);
      a20 = b0.fma(e2, a20);
      a21 = b1.fma(e2, a21);
      a22 = b2.fma(e2, a22);
      a23 = b3.fma(e2, a23);
      FloatVector e3 = FloatVector.fromArray(Lanes.F, dy, d3 + o);
      a30 = b0.fma(e3, a30);
      a31 = b1.fma(e3, a31);
      a32 = b2.fma(e3, a32);
      a33 = b3.fma(e3, a33);
    }
    a00.intoArray(sums, to);
    a01.intoArray(sums, to + L);
    a02.intoArray(sums, to + 2 * L);
    a03.intoArray(sums, to + 3 * L);
    a10.intoArray(sums, to + rowStep);
    a11.intoArray(sums, to + rowStep + L);
    a12.intoArray(sums, to + rowStep + 2 * L);
    a13.intoArray(sums, to + rowStep + 3 * L);
    a20.intoArray(sums, to + 2 * rowStep);
    a21.intoArray(sums, to + 2 * rowStep + L);
    a22.intoArray(sums, to + 2 * rowStep + 2 * L);
    a23.intoArray(sums, to + 2 * rowStep + 3 * L);
    a30.intoArray(sums, to + 3 * rowStep);
    a31.intoArray(sums, to + 3 * rowStep + L);
    a32.intoArray(sums, to + 3 * rowStep + 2 * L);
    a33.intoArray(sums, to + 3 * rowStep + 3 * L);
  }
}
