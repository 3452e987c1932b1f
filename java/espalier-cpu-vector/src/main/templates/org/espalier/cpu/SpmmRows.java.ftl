<#macro connection width at offset>
        FloatVector weight = FloatVector.broadcast(F, w[${at}]);
        int o = xo + ${offset}[p];
  <#list 0..<width as v>
        a${v} = weight.fma(FloatVector.fromArray(F, x, o + ${v} * L), a${v});
  </#list>
</#macro>
<#macro store width>
  <#list 0..<width as v>
      a${v}.intoArray(y, at + ${v} * L);
  </#list>
</#macro>
/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import static org.espalier.backend.host.HostBuffer.BASE;
import static org.espalier.cpu.Lanes.F;
import static org.espalier.cpu.Lanes.L;

import jdk.incubator.vector.FloatVector;

/**
 * The inner loops of {@link SpmmKernel}: one method for each width of a tile, because a compiler
 * that keeps accumulators in registers needs them as separate variables, and gives up on methods
 * that hold all the widths.
 *
 * <p>A connection costs one broadcast and, for each vector, one fma from memory: the load is its
 * second factor, where alone the compiler makes it an operand, which saves an instruction and a
 * register. Eight accumulators hide the latency of fma (4 cycles, two at a time) and share the
 * broadcast and the offset. Tiles of more than 8 vectors are for 8 lanes: there a batch of 100 is
 * one tile of 13, so weights and offsets come once, from wherever the step has left them.
 *
 * <p>Rows that are done in one go have methods of their own, with the same loop but that weights
 * and offsets share an index: they need fewer registers. What the compiler has no general register
 * for it keeps in vector registers, and an address that comes from there waits for the fma before
 * it.
 */
final class SpmmRows {

  private SpmmRows() {}

  /** Does all of rows {@code r0} to {@code r1}. */
  static void whole(
      int width, int[] rowStart, int[] offset, float[] w, float[] bias, float[] x, int xo,
      float[] y, int yo, int ys, int r0, int r1) {
    switch (width) {
<#list 1..13 as width>
      case ${width} -> whole${width}(rowStart, offset, w, bias, x, xo, y, yo, ys, r0, r1);
</#list>
      default -> throw new IllegalArgumentException("tile of " + width + " vectors");
    }
  }

  /**
   * Does the segments of a block that stand at {@code p} to {@code stop} of a {@link
   * BlockPlan#visit}. The first block of a row starts from the bias, later ones from what is in y.
   */
  static void block(
      int width, boolean first, int[] visit, int p, int stop, float[] w, float[] bias,
      float[] x, int xo, float[] y, int yo, int ys) {
    switch (width) {
<#list 1..13 as width>
      case ${width} -> block${width}(first, visit, p, stop, w, bias, x, xo, y, yo, ys);
</#list>
      default -> throw new IllegalArgumentException("tile of " + width + " vectors");
    }
  }
<#list 1..13 as width>
<#assign last = width - 1>

  private static void whole${width}(
      int[] rowStart, int[] offset, float[] w, float[] bias, float[] x, int xo,
      float[] y, int yo, int ys, int r0, int r1) {
    int p = rowStart[r0];
    for (int r = r0; r < r1; r++) {
      int end = rowStart[r + 1];
      FloatVector a0 = FloatVector.broadcast(F, bias == null ? 0 : bias[BASE + r]);
  <#list 1..<width as v>
      FloatVector a${v} = a0;
  </#list>
      for (; p < end; p++) {
<@connection width "BASE + p" "offset"/>
      }
      int at = yo + r * ys;
<@store width/>
    }
  }

  private static void block${width}(
      boolean first, int[] visit, int p, int stop, float[] w, float[] bias,
      float[] x, int xo, float[] y, int yo, int ys) {
    while (p < stop) {
      int r = visit[p];
      int end = visit[p + 1];
      int own = BASE + visit[p + 2];
      p += BlockPlan.HEAD;
      int at = yo + r * ys;
      FloatVector <#list 0..last as v>a${v}<#sep>, </#list>;
      if (first) {
        a0 = FloatVector.broadcast(F, bias == null ? 0 : bias[BASE + r]);
  <#list 1..<width as v>
        a${v} = a0;
  </#list>
      } else if (p == end) {
        continue;
      } else {
  <#list 0..last as v>
        a${v} = FloatVector.fromArray(F, y, at + ${v} * L);
  </#list>
      }
      for (; p < end; p++) {
<@connection width "own + p" "visit"/>
      }
<@store width/>
    }
  }
</#list>
}
