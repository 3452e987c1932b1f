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
 * for. So connections come as offsets, which need no stride; all that is known of segments comes in
 * the array of the offsets; and the parameters are in this order: the first six come in registers,
 * the others on the stack, where the compiler leaves them. (With X's start among the first and the
 * sums among the others the loop takes 1.2 times as long.)
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
   * Takes the products of the connections of the segments that start at {@code p} to {@code stop}
   * of a {@link BlockPlan#visit}, summed over the vectors of a tile, and over the lanes as {@link
   * LaneSums#finish} wants them. What is taken of entry i of the panel goes to {@code sums[so + i]}.
   *
   * @param window mask of the last vector
   * @return where the next segment starts
   */
  static int dots(
      int width, int p, int stop, int[] visit, long[] sums, float[] x, float[] dy, int dyo, int dys,
      int so, int xo, int[] window) {
    return switch (width) {
<#list 1..13 as width>
      case ${width} -> dots${width}(p, stop, visit, sums, x, dy, dyo, dys, so, xo, window);
</#list>
      default -> throw new IllegalArgumentException("tile of " + width + " vectors");
    };
  }
<#list 1..13 as width>
<#assign top = width - 1>

  private static int dots${width}(
      int p, int stop, int[] visit, long[] sums, float[] x, float[] dy, int dyo, int dys,
      int so, int xo, int[] window) {
    IntVector mask = IntVector.fromArray(I, window, 0);
    while (p < stop) {
      int at = dyo + visit[p] * dys;
      int end = visit[p + 1];
      int to = so + visit[p + 2];
      p += BlockPlan.HEAD;
  <#list 0..<top as v>
      FloatVector d${v} = FloatVector.fromArray(F, dy, at + ${v} * L);
  </#list>
      FloatVector d${top} = ${masked("dy", "at + ${top} * L")};
      for (; p < end; p++) {
        int o = xo + visit[p];
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
    return p;
  }
</#list>
}
