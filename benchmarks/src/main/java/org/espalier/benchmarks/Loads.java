/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.benchmarks;

import static org.espalier.backend.host.HostBuffer.BASE;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Loads of an area of memory, one after the other, and nothing else that takes time. */
final class Loads {

  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;

  private Loads() {}

  /** Returns an area of so many bytes, on 64-byte lines where objects are aligned to them. */
  static float[] area(int bytes) {
    return new float[BASE + bytes / Float.BYTES];
  }

  /** Reads an area once; four chains hide the latency of additions. */
  static float sum(float[] floats) {
    int lanes = SPECIES.length();
    FloatVector a = FloatVector.zero(SPECIES);
    FloatVector b = FloatVector.zero(SPECIES);
    FloatVector c = FloatVector.zero(SPECIES);
    FloatVector d = FloatVector.zero(SPECIES);
    for (int at = BASE; at < floats.length; at += 4 * lanes) {
      a = a.add(FloatVector.fromArray(SPECIES, floats, at));
      b = b.add(FloatVector.fromArray(SPECIES, floats, at + lanes));
      c = c.add(FloatVector.fromArray(SPECIES, floats, at + 2 * lanes));
      d = d.add(FloatVector.fromArray(SPECIES, floats, at + 3 * lanes));
    }
    return a.add(b).add(c.add(d)).reduceLanes(VectorOperators.ADD);
  }
}
