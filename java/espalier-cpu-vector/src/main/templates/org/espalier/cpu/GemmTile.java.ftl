/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import static org.espalier.cpu.Lanes.F;
import static org.espalier.cpu.Lanes.L;

import jdk.incubator.vector.FloatVector;

/**
 * The inner loops of the dense products: a tile of 1 to 6 rows by 1 to 4 vectors, held in registers
 * while the depth goes by. A step of it costs a load for each vector, a broadcast for each row and
 * an fma for both.
 */
final class GemmTile {

  /** Vectors of a tile at most. */
  static final int VECTORS = L == 16 ? 4 : 2;

  /**
   * Rows of a tile at most. With 16 lanes come 32 registers, of which 5 x 4 accumulators leave
   * enough, with 8 lanes 16, of which 6 x 2 and what a step needs take 15.
   */
  static final int ROWS = L == 16 ? 5 : 6;

  /**
   * Rows of a tile at most where W is given transposed: there the compiler has several broadcasts at
   * once.
   */
  private static final int COLUMN_ROWS = 5;

  private GemmTile() {}

  /** Returns how many rows the tiles of so many have, at least 1, so that all have about as many. */
  static int rowsOfTile(int rows, boolean columns) {
    int most = columns ? COLUMN_ROWS : ROWS;
    int tiles = (rows - 1) / most + 1;
    return Math.max(1, (rows - 1) / tiles + 1);
  }

  /**
   * Does some rows of {@code y = W x + bias} in tiles below each other. Rows of W are {@code ws}
   * apart, those of x {@code xs} and those of y {@code ys}.
   *
   * @param columns whether W is given transposed: neighbours in a row of it belong to rows of y
   *     that are neighbours, and share a range check
   * @param rows to do
   * @param tileRows see {@link #rowsOfTile}; the last tile may have fewer
   * @param width of a tile in vectors
   */
  static void product(
      boolean columns, int rows, int tileRows, int width, int depth, float[] w, int wo, int ws,
      float[] x, int xo, int xs, float[] y, int yo, int ys, float[] bias, int bo) {
    int count = rows / tileRows;
    int whole = count * tileRows;
    int rest = rows - whole;
    int restTo = yo + whole * ys;
    if (columns) {
      columns(count, tileRows, width, depth, w, wo, ws, x, xo, xs, y, yo, ys, bias, bo);
      if (rest > 0) {
        columns(
            1, rest, width, depth, w, wo + whole, ws, x, xo, xs, y, restTo, ys, bias, bo + whole);
      }
    } else {
      rows(count, tileRows, width, depth, w, wo, ws, x, xo, xs, y, yo, ys, bias, bo);
      if (rest > 0) {
        int from = wo + whole * ws;
        rows(1, rest, width, depth, w, from, ws, x, xo, xs, y, restTo, ys, bias, bo + whole);
      }
    }
  }

  private static void rows(
      int count, int rows, int width, int depth, float[] w, int wo, int ws, float[] x, int xo,
      int xs, float[] y, int yo, int ys, float[] bias, int bo) {
    switch (rows * 8 + width) {
<#list 1..6 as rows>
  <#list 1..4 as width>
      case ${rows * 8 + width} ->
          rows${rows}x${width}(count, depth, w, wo, ws, x, xo, xs, y, yo, ys, bias, bo);
  </#list>
</#list>
      default -> throw new IllegalArgumentException("tile of " + rows + " by " + width);
    }
  }

  private static void columns(
      int count, int rows, int width, int depth, float[] w, int wo, int ws, float[] x, int xo,
      int xs, float[] y, int yo, int ys, float[] bias, int bo) {
    switch (rows * 8 + width) {
<#list 1..5 as rows>
  <#list 1..4 as width>
      case ${rows * 8 + width} ->
          columns${rows}x${width}(count, depth, w, wo, ws, x, xo, xs, y, yo, ys, bias, bo);
  </#list>
</#list>
      default -> throw new IllegalArgumentException("tile of " + rows + " by " + width);
    }
  }
<#list ["rows", "columns"] as kind>
<#list 1..(kind == "rows")?then(6, 5) as rows>
<#assign bottom = rows - 1>
<#list 1..4 as width>
<#assign last = width - 1>

  private static void ${kind}${rows}x${width}(
      int count, int depth, float[] w, int wo, int ws, float[] x, int xo, int xs, float[] y,
      int yo, int ys, float[] bias, int bo) {
    int from = wo;
    int to = yo;
    for (int b = bo; b < bo + count * ${rows}; b += ${rows}) {
  <#list 0..bottom as r>
      FloatVector a${r}0 = FloatVector.broadcast(F, bias == null ? 0 : bias[b + ${r}]);
    <#list 1..<width as v>
      FloatVector a${r}${v} = a${r}0;
    </#list>
  </#list>
  <#if kind == "rows">
    <#list 0..bottom as r>
      int w${r} = from;
      from += ws;
    </#list>
  <#else>
      int q = from;
      from += ${rows};
  </#if>
      int o = xo;
      for (int k = 0; k < depth; k++) {
  <#list 0..last as v>
        FloatVector x${v} = FloatVector.fromArray(F, x, o + ${v} * L);
  </#list>
  <#list 0..bottom as r>
        FloatVector v${r} = FloatVector.broadcast(F, w[<#if kind == "rows">w${r} + k<#else>q + ${r}</#if>]);
    <#list 0..last as v>
        a${r}${v} = x${v}.fma(v${r}, a${r}${v});
    </#list>
  </#list>
        o += xs;
  <#if kind == "columns">
        q += ws;
  </#if>
      }
  <#list 0..bottom as r>
    <#list 0..last as v>
      a${r}${v}.intoArray(y, to + ${v} * L);
    </#list>
      to += ys;
  </#list>
    }
  }
</#list>
</#list>
</#list>
}
