/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import static org.espalier.cpu.Lanes.F;
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

  static void tile(
      int width, int depth, float[] w, int w0, int w1, int w2, int w3, int step, float[] x, int xo,
      int xs, float[] y, int y0, int y1, int y2, int y3, float[] bias, int b0, int b1, int b2,
      int b3) {
    switch (width) {
<#list 1..4 as width>
      case ${width} -> tile${width}(
          depth, w, w0, w1, w2, w3, step, x, xo, xs, y, y0, y1, y2, y3, bias, b0, b1, b2, b3);
</#list>
      default -> throw new IllegalArgumentException("tile of " + width + " vectors");
    }
  }
<#list 1..4 as width>
<#assign last = width - 1>

  private static void tile${width}(
      int depth, float[] w, int w0, int w1, int w2, int w3, int step, float[] x, int xo, int xs,
      float[] y, int y0, int y1, int y2, int y3, float[] bias, int b0, int b1, int b2, int b3) {
  <#list 0..3 as r>
    FloatVector a${r}0 = FloatVector.broadcast(F, bias == null ? 0 : bias[b${r}]);
    <#list 1..<width as v>
    FloatVector a${r}${v} = a${r}0;
    </#list>
  </#list>
    int o = xo;
    int q = 0;
    for (int k = 0; k < depth; k++) {
  <#list 0..last as v>
      FloatVector x${v} = FloatVector.fromArray(F, x, o + ${v} * L);
  </#list>
  <#list 0..3 as r>
      FloatVector v${r} = FloatVector.broadcast(F, w[w${r} + q]);
    <#list 0..last as v>
      a${r}${v} = x${v}.fma(v${r}, a${r}${v});
    </#list>
  </#list>
      o += xs;
      q += step;
    }
  <#list 0..3 as r>
    <#list 0..last as v>
    a${r}${v}.intoArray(y, y${r} + ${v} * L);
    </#list>
  </#list>
  }
</#list>
}
