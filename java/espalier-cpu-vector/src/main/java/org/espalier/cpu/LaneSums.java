/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import static org.espalier.backend.host.HostBuffer.BASE;
import static org.espalier.cpu.Lanes.F;
import static org.espalier.cpu.Lanes.L;
import static org.espalier.cpu.Lanes.load;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;

/**
 * Sums over the lanes of many vectors at once: of L vectors comes one, lane i of which is the sum
 * of vector i.
 *
 * <p>This is a transposition with additions: step d merges two vectors by adding, in every lane,
 * the lane at distance d; 1 + 1/2 + 1/4 + ... steps for each vector, where summing vectors one by
 * one takes log L. Whatever its place among the L, each vector is summed as the same balanced tree
 * (lanes at distance 1, then 2, 4, 8), so the result does not depend on how vectors are grouped.
 *
 * <p>Steps 1 and 2 are done as the vectors come, by {@link #take}: between two dot products they
 * cost almost nothing, and what waits for steps 4 and 8 is a quarter as much. Vectors that wait do
 * so in memory, because a compiler gives up keeping them in registers where branches meet.
 */
final class LaneSums {

  /** The first two vectors of a scratch array are for the halves of a quad. */
  private static final int QUADS = BASE + 2 * L;

  static final VectorMask<Float> M1 = mask(1);
  static final VectorMask<Float> M2 = mask(2);
  static final VectorMask<Float> M4 = mask(4);
  static final VectorMask<Float> M8 = mask(8);
  private static final VectorShuffle<Float> X1 = exchange(1);
  static final VectorShuffle<Float> X2 = exchange(2);
  static final VectorShuffle<Float> X4 = exchange(4);
  static final VectorShuffle<Float> X8 = exchange(8);

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

  /** Returns a scratch array for so many vectors, a multiple of L. */
  static float[] scratch(int vectors) {
    return new float[QUADS + vectors / 4 * L];
  }

  /** Takes vector {@code i} of a group; the vectors must come in order, from 0 on. */
  static void take(FloatVector vector, int i, float[] scratch) {
    int half = BASE + (i >> 1 & 1) * L;
    if ((i & 1) == 0) {
      vector.intoArray(scratch, half);
    } else if ((i & 2) == 0) {
      merge1(load(scratch, half), vector).intoArray(scratch, half);
    } else {
      merge2(load(scratch, BASE), merge1(load(scratch, half), vector))
          .intoArray(scratch, QUADS + (i >> 2) * L);
    }
  }

  /**
   * Sums what was taken.
   *
   * @return where in the scratch array the {@code count} sums stand, one after the other
   */
  static int finish(int count, float[] scratch) {
    for (int i = count; i % 4 != 0; i++) {
      take(FloatVector.zero(F), i, scratch);
    }
    fromQuads(scratch, QUADS, (count + L - 1) / L);
    return QUADS;
  }

  /**
   * Sums vectors that stand in memory from {@code from} on; their sums take the place of the first.
   *
   * @param count number of vectors, a multiple of L
   */
  static void reduce(float[] scratch, int from, int count) {
    int to = from;
    for (int at = from; at < from + count * L; at += 4 * L, to += L) {
      FloatVector ab = merge1(load(scratch, at), load(scratch, at + L));
      FloatVector cd = merge1(load(scratch, at + 2 * L), load(scratch, at + 3 * L));
      merge2(ab, cd).intoArray(scratch, to);
    }
    fromQuads(scratch, from, count / L);
  }

  /** Steps 4 and 8: groups of L/4 vectors become one vector each, moved together. */
  private static void fromQuads(float[] s, int from, int groups) {
    int at = from;
    for (int g = 0; g < groups; g++, at += L / 4 * L) {
      (L == 16 ? four(s, at) : two(s, at)).intoArray(s, from + g * L);
    }
  }

  private static FloatVector merge1(FloatVector a, FloatVector b) {
    return a.blend(b, M1).add(b.blend(a, M1).rearrange(X1));
  }

  private static FloatVector merge2(FloatVector a, FloatVector b) {
    return a.blend(b, M2).add(b.blend(a, M2).rearrange(X2));
  }

  /** Distance 4: the two quads of a group of 8. */
  private static FloatVector two(float[] s, int at) {
    FloatVector a = load(s, at);
    FloatVector b = load(s, at + L);
    return a.blend(b, M4).add(b.blend(a, M4).rearrange(X4));
  }

  /** Distances 4 and 8: the four quads of a group of 16. */
  private static FloatVector four(float[] s, int at) {
    FloatVector low = two(s, at);
    FloatVector high = two(s, at + 2 * L);
    return low.blend(high, M8).add(high.blend(low, M8).rearrange(X8));
  }
}
