/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import static org.espalier.cpu.Lanes.F;
import static org.espalier.cpu.Lanes.L;

import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;

/**
 * Every other number of two neighbouring vectors a and b, as one vector: {@code
 * a.rearrange(EVEN).blend(b.rearrange(EVEN), UPPER)}.
 */
final class EveryOther {

  static final VectorShuffle<Float> EVEN = VectorShuffle.fromOp(F, i -> 2 * i % L);
  static final VectorMask<Float> UPPER = upper();

  private EveryOther() {}

  private static VectorMask<Float> upper() {
    boolean[] lanes = new boolean[L];
    for (int i = L / 2; i < L; i++) {
      lanes[i] = true;
    }
    return VectorMask.fromArray(F, lanes, 0);
  }
}
