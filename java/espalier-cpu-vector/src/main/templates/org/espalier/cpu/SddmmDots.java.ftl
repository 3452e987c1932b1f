<#function masked array from>
  <#return "FloatVector.fromArray(F, ${array}, ${from}).reinterpretAsInts().and(mask).reinterpretAsFloats()">
</#function>
/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import static org.espalier.cpu.LaneSums.X2;
import static org.espalier.cpu.LaneSums.X4;
import static org.espalier.cpu.LaneSums.X8;
import static org.espalier.cpu.Lanes.F;
import static org.espalier.cpu.Lanes.I;
import static org.espalier.cpu.Lanes.L;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * The inner loops of {@link SddmmTiles}, one method for each width of a tile (see {@link SpmmRows}
 * for why). The sum over the lanes is written out in each: a method that takes a vector is not
 * always inlined, and then the vector goes to the heap.
 *
 * <p>The row of dY stays in registers; a connection costs one fma from memory for each vector, in
 * two chains. Its loads have to be on their way before the sums of the connections before it are
 * done, so nothing that leads to their address may pass through the floating-point unit, where it
 * would wait for those sums. That is where the compiler keeps what general registers have no room
 * for; so connections come as offsets, which need no stride.
 *
 * <p>Behind the positions the last vector is masked, in X too, since anything may stand there. (A
 * last vector that ends where the positions do needs no mask in X, but a start of its own, for which
 * there is no register: a load more for each connection costs 2 % where the second-level cache is
 * what limits the product.)
 *
 * <p>Tiles of more than 8 vectors are for 8 lanes: 13 vectors of a row of dY, two sums and one more
 * are what 16 registers hold. A batch of 100 is one tile then, and a connection is visited once.
 */
final class SddmmDots {

  private SddmmDots() {}

  /**
   * Takes the products of the connections of segments {@code g0} to {@code g1}, summed over the
   * vectors of a tile, and over the lanes as {@link LaneSums#finish} wants them. What is taken of
   * entry i of the panel goes to {@code sums[so + i]}.
   */
  static void dots(
      int width, int g0, int g1, int[] start, int[] shift, int[] offset, float[] x, int xo,
      float[] dy, int dyo, int dys, int[] window, long[] sums, int so) {
    switch (width) {
<#list 1..13 as width>
      case ${width} -> dots${width}(
          g0, g1, start, shift, offset, x, xo, dy, dyo, dys, window, sums, so);
</#list>
      default -> throw new IllegalArgumentException("tile of " + width + " vectors");
    }
  }
<#list 1..13 as width>
<#assign top = width - 1>

  private static void dots${width}(
      int g0, int g1, int[] start, int[] shift, int[] offset, float[] x, int xo,
      float[] dy, int dyo, int dys, int[] window, long[] sums, int so) {
    int at = dyo;
    int p = start[g0];
    for (int g = g0; g < g1; g++, at += dys) {
      int end = start[g + 1];
      if (p == end) {
        continue;
      }
      int to = so + shift[g];
      IntVector mask = IntVector.fromArray(I, window, 0);
  <#list 0..<top as v>
      FloatVector d${v} = FloatVector.fromArray(F, dy, at + ${v} * L);
  </#list>
      FloatVector d${top} = ${masked("dy", "at + ${top} * L")};
      for (; p < end; p++) {
        int o = xo + offset[p];
  <#list 0..top as v>
    <#assign load>
      <#if v == top>${masked("x", "o + ${v} * L")}<#else>FloatVector.fromArray(F, x, o + ${v} * L)</#if><#t>
    </#assign>
    <#if v lt 2>
        FloatVector ${["s", "t"][v]} = d${v}.mul(${load});
    <#else>
        ${["s", "t"][v % 2]} = d${v}.fma(${load}, ${["s", "t"][v % 2]});
    </#if>
  </#list>
  <#if width gt 1>
        s = s.add(t);
  </#if>
        s = L == 16 ? s.add(s.rearrange(X8)) : s;
        s = s.add(s.rearrange(X4));
        s = s.add(s.rearrange(X2));
        sums[to + p] = s.reinterpretAsLongs().lane(0);
      }
    }
  }
</#list>
}
