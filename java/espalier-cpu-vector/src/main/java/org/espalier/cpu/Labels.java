/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import static org.espalier.cpu.Lanes.L;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** The labels of a vector of positions, and which of them are a given class. */
final class Labels {

  private static final int ONE = Float.floatToIntBits(1);

  private Labels() {}

  /** Copies the labels from {@code first} on to a whole vector; positions without one get 0. */
  static void gather(int[] labels, int first, int positions, int[] target) {
    for (int i = 0; i < L; i++) {
      target[i] = first + i < positions ? labels[first + i] : 0;
    }
  }

  /** Returns a mask: -1 where the label is the class, else 0. */
  static IntVector are(int[] gathered, int wanted) {
    IntVector difference =
        IntVector.fromArray(Lanes.I, gathered, 0).lanewise(VectorOperators.XOR, wanted);
    // a number or its negative has the sign bit, unless it is 0
    return difference.or(difference.neg()).lanewise(VectorOperators.ASHR, 31).not();
  }

  /** Turns a mask into 1 and 0. */
  static FloatVector oneHot(IntVector mask) {
    return mask.and(ONE).reinterpretAsFloats();
  }
}
