/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import static org.espalier.cpu.Lanes.L;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * The labels of a vector of positions, as floats: those compare into the masks that floats are
 * blended with.
 */
final class Labels {

  /** Up to here every integer is a float. */
  static final int MAX_CLASSES = 1 << 24;

  private Labels() {}

  /** Copies the labels from {@code first} on to a whole vector; positions without one get 0. */
  static void gather(int[] labels, int first, int positions, float[] target, int to) {
    for (int i = 0; i < L; i++) {
      target[to + i] = first + i < positions ? labels[first + i] : 0;
    }
  }

  /**
   * Returns a vector that is {@code value} where the label is the class, and {@code other} else.
   */
  static FloatVector choose(FloatVector labels, int wanted, FloatVector value, FloatVector other) {
    VectorMask<Float> are = labels.compare(VectorOperators.EQ, wanted);
    return other.blend(value, are);
  }

  static void checkClasses(int classes) {
    if (classes > MAX_CLASSES) {
      throw new IllegalArgumentException(
          "%d classes, more than %d".formatted(classes, MAX_CLASSES));
    }
  }
}
