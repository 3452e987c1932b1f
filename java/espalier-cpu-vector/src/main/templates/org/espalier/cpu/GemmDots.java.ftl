<#macro step tail=false>
  <#list 0..last as c>
      FloatVector b${c} = FloatVector.fromArray(F, x, x${c} + o)<#if tail>.reinterpretAsInts().and(mask).reinterpretAsFloats()</#if>;
  </#list>
  <#list 0..bottom as r>
      FloatVector e${r} = FloatVector.fromArray(F, dy, d${r} + o)<#if tail>.reinterpretAsInts().and(mask).reinterpretAsFloats()</#if>;
    <#list 0..last as c>
      a${r}${c} = b${c}.fma(e${r}, a${r}${c});
    </#list>
  </#list>
</#macro>
/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import static org.espalier.cpu.Lanes.F;
import static org.espalier.cpu.Lanes.I;
import static org.espalier.cpu.Lanes.L;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * The inner loop of {@link GemmDotsKernel}: 1 to 6 rows of dY times some rows of X, each pair
 * summed over the vectors of a chunk of positions but not over their lanes.
 *
 * <p>The sums go to {@code sums} one vector each; those of the second row of dY start {@code
 * rowStep} after those of the first. The last vector of the chunk passes a window, since sums must
 * not see the padding.
 */
final class GemmDots {

  /** Rows of X of a tile. */
  static final int COLUMNS = L == 16 ? 4 : 2;

  private GemmDots() {}

  /**
   * Does a tile.
   *
   * @param rows of dY, {@code ds} apart
   * @param xo where each of its rows of X starts: {@code COLUMNS} numbers from {@code column} on
   */
  static void tile(
      int rows, int vectors, float[] dy, int d0, int ds, float[] x, int[] xo, int xs, int column,
      int[] window, float[] sums, int to, int rowStep) {
    switch (rows * 8 + COLUMNS) {
<#list 1..6 as rows>
  <#list [2, 4] as columns>
      case ${rows * 8 + columns} ->
          tile${rows}x${columns}(
              vectors, dy, d0, ds, x, xo, xs, column, window, sums, to, rowStep);
  </#list>
</#list>
      default -> throw new IllegalArgumentException("tile of " + rows + " rows");
    }
  }
<#list 1..6 as rows>
<#assign bottom = rows - 1>
<#list [2, 4] as columns>
<#assign last = columns - 1>

  private static void tile${rows}x${columns}(
      int vectors, float[] dy, int d0, int ds, float[] x, int[] xo, int xs, int column,
      int[] window, float[] sums, int to, int rowStep) {
  <#list 1..<rows as r>
    int d${r} = d${r - 1} + ds;
  </#list>
  <#list 0..last as c>
    int x${c} = xs + xo[column + ${c}];
  </#list>
    FloatVector a00 = FloatVector.zero(F);
  <#list 0..bottom as r>
    <#list 0..last as c>
      <#if r + c gt 0>
    FloatVector a${r}${c} = a00;
      </#if>
    </#list>
  </#list>
    int end = (vectors - 1) * L;
    int lanes = window.length; // L; with a constant the compiler unrolls, and has sums in memory
    for (int o = 0; o < end; o += lanes) {
<@step/>
    }
    {
      int o = end;
      IntVector mask = IntVector.fromArray(I, window, 0);
<@step tail=true/>
    }
    int at = to;
  <#list 0..bottom as r>
    <#list 0..last as c>
    a${r}${c}.intoArray(sums, at + ${c} * L);
    </#list>
    <#if r lt bottom>
    at += rowStep;
    </#if>
  </#list>
  }
</#list>
</#list>
}
