/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import static org.espalier.cpu.Lanes.F;
import static org.espalier.cpu.Lanes.L;

import jdk.incubator.vector.FloatVector;

/**
 * The inner loops of a transposed dense product of little depth, like the gradient of what goes
 * into a layer of ten outputs: all of x stays in the nearest cache, so a row of y at a time is
 * done, as wide as a tile of {@link SpmmRows}. With that little to do for a result, what counts is
 * that starting and ending a row is short.
 */
final class GemmShallow {

  private GemmShallow() {}

  /** Does rows {@code r0} to {@code r1} of a tile: {@code ws} numbers are in a row of W. */
  static void rows(
      int width, int depth, float[] w, int wo, int ws, float[] x, int xo, int xs, float[] y,
      int yo, int ys, int r0, int r1) {
    switch (width) {
<#list 1..13 as width>
      case ${width} -> rows${width}(depth, w, wo, ws, x, xo, xs, y, yo, ys, r0, r1);
</#list>
      default -> throw new IllegalArgumentException("tile of " + width + " vectors");
    }
  }
<#list 1..13 as width>

  private static void rows${width}(
      int depth, float[] w, int wo, int ws, float[] x, int xo, int xs, float[] y, int yo, int ys,
      int r0, int r1) {
    int at = yo + r0 * ys;
    for (int r = r0; r < r1; r++, at += ys) {
  <#list 0..<width as v>
      FloatVector a${v} = FloatVector.zero(F);
  </#list>
      int o = xo;
      int q = wo + r;
      for (int k = 0; k < depth; k++, o += xs, q += ws) {
        FloatVector weight = FloatVector.broadcast(F, w[q]);
  <#list 0..<width as v>
        a${v} = weight.fma(FloatVector.fromArray(F, x, o + ${v} * L), a${v});
  </#list>
      }
  <#list 0..<width as v>
      a${v}.intoArray(y, at + ${v} * L);
  </#list>
    }
  }
</#list>
}
