/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import static org.espalier.cpu.Lanes.L;

import jdk.incubator.vector.FloatVector;

/**
 * The inner loops of {@link GemmKernel}: a tile of 4 rows by 1 to 4 vectors, held in registers.
 *
 * <p>At 4 x 4 a step of the depth costs 4 loads, 4 broadcasts and 16 fma, half a load for each fma,
 * with 16 independent chains; 21 vector registers are in use.
 *
 * <p>The four rows are given by where their weights start ({@code w0} to {@code w3}, advancing by
 * {@code step}) and where their results go ({@code y0} to {@code y3}); a tile at the edge repeats
 * its last row.
 */
final class GemmTile {

  private GemmTile() {}

  static void tile1(
      int depth,
      float[] w,
      int w0,
      int w1,
      int w2,
      int w3,
      int step,
      float[] x,
      int xo,
      int xs,
      float[] y,
      int y0,
      int y1,
      int y2,
      int y3,
      float[] bias,
      int b0,
      int b1,
      int b2,
      int b3) {
    FloatVector a00 = FloatVector.broadcast(Lanes.F, bias == null ? 0 : bias[b0]);
    FloatVector a10 = FloatVector.broadcast(Lanes.F, bias == null ? 0 : bias[b1]);
    FloatVector a20 = FloatVector.broadcast(Lanes.F, bias == null ? 0 : bias[b2]);
    FloatVector a30 = FloatVector.broadcast(Lanes.F, bias == null ? 0 : bias[b3]);
    int o = xo;
    int q = 0;
    for (int k = 0; k < depth; k++) {
      FloatVector x0 = FloatVector.fromArray(Lanes.F, x, o);
      FloatVector v0 = FloatVector.broadcast(Lanes.F, w[w0 + q]);
      a00 = x0.fma(v0, a00);
      FloatVector v1 = FloatVector.broadcast(Lanes.F, w[w1 + q]);
      a10 = x0.fma(v1, a10);
      FloatVector v2 = FloatVector.broadcast(Lanes.F, w[w2 + q]);
      a20 = x0.fma(v2, a20);
      FloatVector v3 = FloatVector.broadcast(Lanes.F, w[w3 + q]);
      a30 = x0.fma(v3, a30);
      o += xs;
      q += step;
    }
    a00.intoArray(y, y0);
    a10.intoArray(y, y1);
    a20.intoArray(y, y2);
    a30.intoArray(y, y3);
  }

  static void tile2(
      int depth,
      float[] w,
      int w0,
      int w1,
      int w2,
      int w3,
      int step,
      float[] x,
      int xo,
      int xs,
      float[] y,
      int y0,
      int y1,
      int y2,
      int y3,
      float[] bias,
      int b0,
      int b1,
      int b2,
      int b3) {
    FloatVector a00 = FloatVector.broadcast(Lanes.F, bias == null ? 0 : bias[b0]);
    FloatVector a01 = a00;
    FloatVector a10 = FloatVector.broadcast(Lanes.F, bias == null ? 0 : bias[b1]);
    FloatVector a11 = a10;
    FloatVector a20 = FloatVector.broadcast(Lanes.F, bias == null ? 0 : bias[b2]);
    FloatVector a21 = a20;
    FloatVector a30 = FloatVector.broadcast(Lanes.F, bias == null ? 0 : bias[b3]);
    FloatVector a31 = a30;
    int o = xo;
    int q = 0;
    for (int k = 0; k < depth; k++) {
      FloatVector x0 = FloatVector.fromArray(Lanes.F, x, o);
      FloatVector x1 = FloatVector.fromArray(Lanes.F, x, o + L);
      FloatVector v0 = FloatVector.broadcast(Lanes.F, w[w0 + q]);
      a00 = x0.fma(v0, a00);
      a01 = x1.fma(v0, a01);
      FloatVector v1 = FloatVector.broadcast(Lanes.F, w[w1 + q]);
      a10 = x0.fma(v1, a10);
      a11 = x1.fma(v1, a11);
      FloatVector v2 = FloatVector.broadcast(Lanes.F, w[w2 + q]);
      a20 = x0.fma(v2, a20);
      a21 = x1.fma(v2, a21);
      FloatVector v3 = FloatVector.broadcast(Lanes.F, w[w3 + q]);
      a30 = x0.fma(v3, a30);
      a31 = x1.fma(v3, a31);
      o += xs;
      q += step;
    }
    a00.intoArray(y, y0);
    a01.intoArray(y, y0 + L);
    a10.intoArray(y, y1);
    a11.intoArray(y, y1 + L);
    a20.intoArray(y, y2);
    a21.intoArray(y, y2 + L);
    a30.intoArray(y, y3);
    a31.intoArray(y, y3 + L);
  }

  static void tile3(
      int depth,
      float[] w,
      int w0,
      int w1,
      int w2,
      int w3,
      int step,
      float[] x,
      int xo,
      int xs,
      float[] y,
      int y0,
      int y1,
      int y2,
      int y3,
      float[] bias,
      int b0,
      int b1,
      int b2,
      int b3) {
    FloatVector a00 = FloatVector.broadcast(Lanes.F, bias == null ? 0 : bias[b0]);
    FloatVector a01 = a00;
    FloatVector a02 = a00;
    FloatVector a10 = FloatVector.broadcast(Lanes.F, bias == null ? 0 : bias[b1]);
    FloatVector a11 = a10;
    FloatVector a12 = a10;
    FloatVector a20 = FloatVector.broadcast(Lanes.F, bias == null ? 0 : bias[b2]);
    FloatVector a21 = a20;
    FloatVector a22 = a20;
    FloatVector a30 = FloatVector.broadcast(Lanes.F, bias == null ? 0 : bias[b3]);
    FloatVector a31 = a30;
    FloatVector a32 = a30;
    int o = xo;
    int q = 0;
    for (int k = 0; k < depth; k++) {
      FloatVector x0 = FloatVector.fromArray(Lanes.F, x, o);
      FloatVector x1 = FloatVector.fromArray(Lanes.F, x, o + L);
      FloatVector x2 = FloatVector.fromArray(Lanes.F, x, o + 2 * L);
      FloatVector v0 = FloatVector.broadcast(Lanes.F, w[w0 + q]);
      a00 = x0.fma(v0, a00);
      a01 = x1.fma(v0, a01);
      a02 = x2.fma(v0, a02);
      FloatVector v1 = FloatVector.broadcast(Lanes.F, w[w1 + q]);
      a10 = x0.fma(v1, a10);
      a11 = x1.fma(v1, a11);
      a12 = x2.fma(v1, a12);
      FloatVector v2 = FloatVector.broadcast(Lanes.F, w[w2 + q]);
      a20 = x0.fma(v2, a20);
      a21 = x1.fma(v2, a21);
      a22 = x2.fma(v2, a22);
      FloatVector v3 = FloatVector.broadcast(Lanes.F, w[w3 + q]);
      a30 = x0.fma(v3, a30);
      a31 = x1.fma(v3, a31);
      a32 = x2.fma(v3, a32);
      o += xs;
      q += step;
    }
    a00.intoArray(y, y0);
    a01.intoArray(y, y0 + L);
    a02.intoArray(y, y0 + 2 * L);
    a10.intoArray(y, y1);
    a11.intoArray(y, y1 + L);
    a12.intoArray(y, y1 + 2 * L);
    a20.intoArray(y, y2);
    a21.intoArray(y, y2 + L);
    a22.intoArray(y, y2 + 2 * L);
    a30.intoArray(y, y3);
    a31.intoArray(y, y3 + L);
    a32.intoArray(y, y3 + 2 * L);
  }

  static void tile4(
      int depth,
      float[] w,
      int w0,
      int w1,
      int w2,
      int w3,
      int step,
      float[] x,
      int xo,
      int xs,
      float[] y,
      int y0,
      int y1,
      int y2,
      int y3,
      float[] bias,
      int b0,
      int b1,
      int b2,
      int b3) {
    FloatVector a00 = FloatVector.broadcast(Lanes.F, bias == null ? 0 : bias[b0]);
    FloatVector a01 = a00;
    FloatVector a02 = a00;
    FloatVector a03 = a00;
    FloatVector a10 = FloatVector.broadcast(Lanes.F, bias == null ? 0 : bias[b1]);
    FloatVector a11 = a10;
    FloatVector a12 = a10;
    FloatVector a13 = a10;
    FloatVector a20 = FloatVector.broadcast(Lanes.F, bias == null ? 0 : bias[b2]);
    FloatVector a21 = a20;
    FloatVector a22 = a20;
    FloatVector a23 = a20;
    FloatVector a30 = FloatVector.broadcast(Lanes.F, bias == null ? 0 : bias[b3]);
    FloatVector a31 = a30;
    FloatVector a32 = a30;
    FloatVector a33 = a30;
    int o = xo;
    int q = 0;
    for (int k = 0; k < depth; k++) {
      FloatVector x0 = FloatVector.fromArray(Lanes.F, x, o);
      FloatVector x1 = FloatVector.fromArray(Lanes.F, x, o + L);
      FloatVector x2 = FloatVector.fromArray(Lanes.F, x, o + 2 * L);
      FloatVector x3 = FloatVector.fromArray(Lanes.F, x, o + 3 * L);
      FloatVector v0 = FloatVector.broadcast(Lanes.F, w[w0 + q]);
      a00 = x0.fma(v0, a00);
      a01 = x1.fma(v0, a01);
      a02 = x2.fma(v0, a02);
      a03 = x3.fma(v0, a03);
      FloatVector v1 = FloatVector.broadcast(Lanes.F, w[w1 + q]);
      a10 = x0.fma(v1, a10);
      a11 = x1.fma(v1, a11);
      a12 = x2.fma(v1, a12);
      a13 = x3.fma(v1, a13);
      FloatVector v2 = FloatVector.broadcast(Lanes.F, w[w2 + q]);
      a20 = x0.fma(v2, a20);
      a21 = x1.fma(v2, a21);
      a22 = x2.fma(v2, a22);
      a23 = x3.fma(v2, a23);
      FloatVector v3 = FloatVector.broadcast(Lanes.F, w[w3 + q]);
      a30 = x0.fma(v3, a30);
      a31 = x1.fma(v3, a31);
      a32 = x2.fma(v3, a32);
      a33 = x3.fma(v3, a33);
      o += xs;
      q += step;
    }
    a00.intoArray(y, y0);
    a01.intoArray(y, y0 + L);
    a02.intoArray(y, y0 + 2 * L);
    a03.intoArray(y, y0 + 3 * L);
    a10.intoArray(y, y1);
    a11.intoArray(y, y1 + L);
    a12.intoArray(y, y1 + 2 * L);
    a13.intoArray(y, y1 + 3 * L);
    a20.intoArray(y, y2);
    a21.intoArray(y, y2 + L);
    a22.intoArray(y, y2 + 2 * L);
    a23.intoArray(y, y2 + 3 * L);
    a30.intoArray(y, y3);
    a31.intoArray(y, y3 + L);
    a32.intoArray(y, y3 + 2 * L);
    a33.intoArray(y, y3 + 3 * L);
  }
}
