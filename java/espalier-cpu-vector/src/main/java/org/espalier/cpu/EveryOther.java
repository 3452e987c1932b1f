/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import static org.espalier.cpu.Lanes.F;
import static org.espalier.cpu.Lanes.L;

import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;

/**
 * Two ways to take numbers in turn. Every other number of two neighbouring vectors a and b, as one
 * vector: {@code a.rearrange(EVEN).blend(b.rearrange(EVEN), UPPER)}. The first halves of a and b,
 * one number of each in turn: {@code a.rearrange(TWICE).blend(b.rearrange(TWICE), ODD)}.
 */
final class EveryOther {

  static final VectorShuffle<Float> EVEN = VectorShuffle.fromOp(F, i -> 2 * i % L);
  static final VectorMask<Float> UPPER = mask(L / 2, 1);
  static final VectorShuffle<Float> TWICE = VectorShuffle.fromOp(F, i -> i / 2);
  static final VectorMask<Float> ODD = mask(1, 2);

  private EveryOther() {}

  private static VectorMask<Float> mask(int first, int step) {
    boolean[] lanes = new boolean[L];
    for (int i = first; i < L; i += step) {
      lanes[i] = true;
    }
    return VectorMask.fromArray(F, lanes, 0);
  }
}
