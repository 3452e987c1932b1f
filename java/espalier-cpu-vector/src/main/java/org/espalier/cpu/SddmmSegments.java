/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import static org.espalier.cpu.Lanes.F;
import static org.espalier.cpu.Lanes.L;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** Brings sums from the order of a {@link SddmmPlan} back to that of the matrix. */
final class SddmmSegments {

  private SddmmSegments() {}

  /** Returns what {@link #deliver} takes its masks from: L times -1 and L times 0. */
  static int[] window() {
    int[] window = new int[2 * L];
    Arrays.fill(window, 0, L, -1);
    return window;
  }

  /**
   * Delivers the sums of entries {@code g0} to {@code g1} of the plan, the first of them in {@code
   * segment}. Most segments are about a vector long, so the last vector of each is written under a
   * mask; what it covers beyond the segment, up to L - 1 elements, is written back as it was.
   *
   * @param from what leads from an entry to its sum
   * @param at place of the panel's first entry in the target
   * @param add whether the sums are partial and are added to what is there
   */
  static void deliver(
      int g0,
      int g1,
      int segment,
      int[] start,
      int[] shift,
      float[] sums,
      int from,
      float[] target,
      int at,
      boolean add,
      int[] window) {
    int s = segment;
    for (int p = g0; p < g1; s++) {
      int end = Math.min(start[s + 1], g1);
      int to = at + shift[s];
      for (; p < end; p += L) {
        IntVector mask = IntVector.fromArray(Lanes.I, window, L - Math.min(L, end - p));
        FloatVector old = FloatVector.fromArray(F, target, to + p);
        FloatVector sum = FloatVector.fromArray(F, sums, from + p);
        sum = add ? sum.add(old) : sum;
        old.reinterpretAsInts()
            .lanewise(VectorOperators.BITWISE_BLEND, sum.reinterpretAsInts(), mask)
            .reinterpretAsFloats()
            .intoArray(target, to + p);
      }
      p = end;
    }
  }
}
