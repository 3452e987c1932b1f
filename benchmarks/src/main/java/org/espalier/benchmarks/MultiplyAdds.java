/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.benchmarks;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.openjdk.jmh.annotations.CompilerControl;

/** The loop that reaches the peak of a core: multiply-adds from registers and nothing else. */
final class MultiplyAdds {

  /** Floating-point operations of one run. */
  static final long FLOPS = 2L * 12 * (1 << 16);

  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;

  private MultiplyAdds() {}

  /**
   * Runs it once. Twelve chains hide the latency of two multiply-add units. Each adds to itself, as
   * the products do: with the running value as a factor instead, the compiler copies the term every
   * time and, with 16 vector registers, the loop ends a fifth below what the units do. It stays a
   * method of its own: as a part of others the compiler sometimes makes it over, to half the rate.
   */
  @CompilerControl(CompilerControl.Mode.DONT_INLINE)
  static float run() {
    FloatVector x = FloatVector.broadcast(SPECIES, 0.999f);
    FloatVector y = FloatVector.broadcast(SPECIES, 0.001f);
    FloatVector a = y;
    FloatVector b = y;
    FloatVector c = y;
    FloatVector d = y;
    FloatVector e = y;
    FloatVector f = y;
    FloatVector g = y;
    FloatVector h = y;
    FloatVector i = y;
    FloatVector j = y;
    FloatVector k = y;
    FloatVector l = y;
    int rounds = (int) (FLOPS / (2 * 12 * SPECIES.length()));
    for (int round = 0; round < rounds; round++) {
      a = x.fma(y, a);
      b = x.fma(y, b);
      c = x.fma(y, c);
      d = x.fma(y, d);
      e = x.fma(y, e);
      f = x.fma(y, f);
      g = x.fma(y, g);
      h = x.fma(y, h);
      i = x.fma(y, i);
      j = x.fma(y, j);
      k = x.fma(y, k);
      l = x.fma(y, l);
    }
    FloatVector sum = a.add(b).add(c.add(d)).add(e.add(f).add(g.add(h)));
    return sum.add(i.add(j).add(k.add(l))).reduceLanes(VectorOperators.ADD);
  }
}
