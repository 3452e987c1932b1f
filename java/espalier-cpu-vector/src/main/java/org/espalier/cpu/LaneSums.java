/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import static org.espalier.backend.host.HostBuffer.BASE;
import static org.espalier.cpu.Lanes.F;
import static org.espalier.cpu.Lanes.L;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Sums over the lanes of many vectors at once: of L vectors comes one, lane i of which is the sum
 * of vector i. Whatever its place among the L, each vector is summed as the same tree, so the
 * result does not depend on how vectors are grouped. (The Vector API's own sum over lanes has no
 * defined order: interpreted and compiled code differ.)
 *
 * <p>{@link #reduce} is a transposition with additions: step d merges two vectors by adding, in
 * every lane, the lane at distance d; 1 + 1/2 + 1/4 + ... steps for each vector, where summing
 * vectors one by one takes log L.
 *
 * <p>{@link #finish} is for vectors that come one by one, each after loads that the caches have to
 * serve: while those are under way the first steps, down to 2 lanes, cost little. Whoever makes the
 * vectors does these steps, adding the lanes at distance 8 (of 16 lanes), 4 and 2, and stores the
 * first two lanes of vector i, as a long, at {@link #taken}. Only one step is left for later; what
 * is stored meanwhile stays small beside the loads.
 */
final class LaneSums {

  private static final VectorSpecies<Long> LONGS = VectorSpecies.of(long.class, F.vectorShape());
  static final VectorMask<Float> M1 = mask(1);
  static final VectorMask<Float> M2 = mask(2);
  static final VectorMask<Float> M4 = mask(4);
  static final VectorMask<Float> M8 = mask(8);
  static final VectorShuffle<Float> X1 = exchange(1);
  static final VectorShuffle<Float> X2 = exchange(2);
  static final VectorShuffle<Float> X4 = exchange(4);
  static final VectorShuffle<Float> X8 = exchange(8);

  /**
   * The merge of {@link #finish} leaves the sum of vector m + cL/2 in lane 2m + c; this brings it
   * to its place.
   */
  private static final VectorShuffle<Float> IN_ORDER =
      VectorShuffle.fromOp(F, i -> i % (L / 2) * 2 + i / (L / 2));

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

  /** Returns how long a scratch array is that takes so many vectors one by one. */
  static int scratch(int vectors) {
    return taken((vectors + L - 1) / L * L);
  }

  /** Returns where what is left of vector {@code i} belongs. */
  static int taken(int i) {
    return BASE / 2 + i;
  }

  /**
   * Sums the {@code count} vectors taken, to {@code target[at...]}.
   *
   * @param add whether the sums are partial and are added to what is there
   */
  static void finish(int count, long[] scratch, float[] target, int at, boolean add) {
    int whole = count - count % L;
    for (int done = 0; done < whole; done += L) {
      int from = taken(done);
      FloatVector a = LongVector.fromArray(LONGS, scratch, from).reinterpretAsFloats();
      FloatVector b = LongVector.fromArray(LONGS, scratch, from + L / 2).reinterpretAsFloats();
      a = a.blend(b, M1).add(b.blend(a, M1).rearrange(X1)).rearrange(IN_ORDER);
      (add ? FloatVector.fromArray(F, target, at + done).add(a) : a).intoArray(target, at + done);
    }
    for (int i = whole; i < count; i++) {
      long lanes = scratch[taken(i)];
      float sum = Float.intBitsToFloat((int) lanes) + Float.intBitsToFloat((int) (lanes >>> 32));
      target[at + i] = add ? target[at + i] + sum : sum;
    }
  }

  /**
   * Sums vectors that stand in memory from {@code from} on; their sums take the place of the first.
   * All steps are in one method so that it is too long for the compiler to put it into another one,
   * where it may run out of room in the middle and leave vectors on the heap.
   *
   * @param count number of vectors, a multiple of L
   */
  static void reduce(float[] scratch, int from, int count) {
    int to = from;
    for (int at = from; at < from + count * L; at += 4 * L, to += L) {
      FloatVector a = FloatVector.fromArray(F, scratch, at);
      FloatVector b = FloatVector.fromArray(F, scratch, at + L);
      FloatVector c = FloatVector.fromArray(F, scratch, at + 2 * L);
      FloatVector d = FloatVector.fromArray(F, scratch, at + 3 * L);
      a = a.blend(b, M1).add(b.blend(a, M1).rearrange(X1));
      c = c.blend(d, M1).add(d.blend(c, M1).rearrange(X1));
      a.blend(c, M2).add(c.blend(a, M2).rearrange(X2)).intoArray(scratch, to);
    }
    int end = from + count / L * L;
    int next = from;
    if (L == 16) { // steps 4 and 8: groups of four vectors become one each, moved together
      for (int at = from; at < end; at += L, next += 4 * L) {
        FloatVector a = FloatVector.fromArray(F, scratch, next);
        FloatVector b = FloatVector.fromArray(F, scratch, next + L);
        FloatVector c = FloatVector.fromArray(F, scratch, next + 2 * L);
        FloatVector d = FloatVector.fromArray(F, scratch, next + 3 * L);
        a = a.blend(b, M4).add(b.blend(a, M4).rearrange(X4));
        c = c.blend(d, M4).add(d.blend(c, M4).rearrange(X4));
        a.blend(c, M8).add(c.blend(a, M8).rearrange(X8)).intoArray(scratch, at);
      }
    } else { // step 4 at 8 lanes: groups of two
      for (int at = from; at < end; at += L, next += 2 * L) {
        FloatVector a = FloatVector.fromArray(F, scratch, next);
        FloatVector b = FloatVector.fromArray(F, scratch, next + L);
        a.blend(b, M4).add(b.blend(a, M4).rearrange(X4)).intoArray(scratch, at);
      }
    }
  }

  /** Brings {@code count} sums to their place, adding them to what is there if they are partial. */
  static void deliver(float[] sums, int from, float[] target, int at, int count, boolean add) {
    int i = 0;
    for (; i + L <= count; i += L) {
      FloatVector sum = FloatVector.fromArray(F, sums, from + i);
      (add ? FloatVector.fromArray(F, target, at + i).add(sum) : sum).intoArray(target, at + i);
    }
    for (; i < count; i++) {
      target[at + i] = add ? target[at + i] + sums[from + i] : sums[from + i];
    }
  }
}
