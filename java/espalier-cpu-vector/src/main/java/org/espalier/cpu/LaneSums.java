/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import static org.espalier.cpu.Lanes.F;
import static org.espalier.cpu.Lanes.L;
import static org.espalier.cpu.Lanes.load;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;

/**
 * Sums over the lanes of many vectors at once: L vectors in a scratch array become one vector, lane
 * i of which is the sum of vector i.
 *
 * <p>This is a transposition with additions: step d merges two vectors by adding, in every lane,
 * the lane at distance d; 1 + 1/2 + 1/4 + ... steps for each vector, where summing vectors one by
 * one takes log L. Whatever its place among the L, each vector is summed as the same balanced tree
 * (lanes at distance 1, then 2, 4, 8), so the result does not depend on how vectors are grouped.
 */
final class LaneSums {

  private static final VectorMask<Float> M1 = mask(1);
  private static final VectorMask<Float> M2 = mask(2);
  private static final VectorMask<Float> M4 = mask(4);
  private static final VectorMask<Float> M8 = mask(8);
  private static final VectorShuffle<Float> X1 = exchange(1);
  private static final VectorShuffle<Float> X2 = exchange(2);
  private static final VectorShuffle<Float> X4 = exchange(4);
  private static final VectorShuffle<Float> X8 = exchange(8);

  private LaneSums() {}

  private static VectorMask<Float> mask(int bit) {
    boolean[] lanes = new boolean[L];
    for (int i = 0; i < L; i++) {
      lanes[i] = (i & bit) != 0;
    }
    return VectorMask.fromArray(F, lanes, 0);
  }

  private static VectorShuffle<Float> exchange(int distance) {
    return VectorShuffle.fromOp(F, i -> (i ^ distance) % L);
  }

  /**
   * Sums groups of L vectors; the sums of group g come to stand at {@code from + g * L * L}.
   *
   * @param scratch the vectors, one after the other from {@code from} on; overwritten
   */
  static void reduce(float[] scratch, int from, int groups) {
    quads(scratch, from, groups * (L / 4));
    for (int g = 0; g < groups; g++) {
      int at = from + g * L * L;
      (L == 16 ? four(scratch, at) : two(scratch, at)).intoArray(scratch, at);
    }
  }

  /** Distances 1 and 2: four vectors become one, in the place of the first. */
  private static void quads(float[] s, int from, int count) {
    for (int q = 0, at = from; q < count; q++, at += 4 * L) {
      FloatVector a = load(s, at);
      FloatVector b = load(s, at + L);
      FloatVector c = load(s, at + 2 * L);
      FloatVector d = load(s, at + 3 * L);
      FloatVector ab = a.blend(b, M1).add(b.blend(a, M1).rearrange(X1));
      FloatVector cd = c.blend(d, M1).add(d.blend(c, M1).rearrange(X1));
      ab.blend(cd, M2).add(cd.blend(ab, M2).rearrange(X2)).intoArray(s, at);
    }
  }

  /** Distance 4: the two quads of a group of 8. */
  private static FloatVector two(float[] s, int at) {
    FloatVector a = load(s, at);
    FloatVector b = load(s, at + 4 * L);
    return a.blend(b, M4).add(b.blend(a, M4).rearrange(X4));
  }

  /** Distances 4 and 8: the four quads of a group of 16. */
  private static FloatVector four(float[] s, int at) {
    FloatVector low = two(s, at);
    FloatVector high = two(s, at + 8 * L);
    return low.blend(high, M8).add(high.blend(low, M8).rearrange(X8));
  }
}
