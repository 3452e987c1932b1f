/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.espalier.tensor.Tensor;

/**
 * The vectors that kernels work in, 8 or 16 floats, and how the positions of a tensor divide into
 * them. Loading this class needs the Vector API, so only {@link VectorSupport} decides when.
 */
final class Lanes {

  static final int PREFERRED_BITS = FloatVector.SPECIES_PREFERRED.vectorBitSize();

  /** The preferred species, but not wider than the alignment of rows. */
  static final VectorSpecies<Float> F =
      FloatVector.SPECIES_PREFERRED.length() > Tensor.ROW_ALIGNMENT
          ? FloatVector.SPECIES_512
          : FloatVector.SPECIES_PREFERRED;

  /** Ints of the same shape. */
  static final VectorSpecies<Integer> I = VectorSpecies.of(int.class, F.vectorShape());

  /** Number of lanes. */
  static final int L = F.length();

  /**
   * Vectors of a tile of positions at most: a batch of 100 is one tile. Machines with 8 lanes have
   * 16 registers, which are all taken then.
   */
  static final int TILE = L == 8 ? 13 : 8;

  private Lanes() {}

  /** Returns how many tiles so many vectors make, all of nearly the same width. */
  static int tiles(int vectors) {
    return (vectors + TILE - 1) / TILE;
  }

  /**
   * Returns how many vectors hold a row's positions; the last may reach into the padding, never
   * beyond it.
   */
  static int vectors(Tensor tensor) {
    if (tensor.stride() % Tensor.ROW_ALIGNMENT != 0) {
      throw new IllegalArgumentException(
          "tensor of stride %d, not a multiple of %d"
              .formatted(tensor.stride(), Tensor.ROW_ALIGNMENT));
    }
    return (tensor.positions() + L - 1) / L;
  }

  /** Returns how many vectors hold a row of each of two tensors with equal positions. */
  static int vectors(Tensor one, Tensor other) {
    if (one.positions() != other.positions()) {
      throw new IllegalArgumentException(
          "tensors of %d and %d positions in one operation"
              .formatted(one.positions(), other.positions()));
    }
    vectors(one);
    return vectors(other);
  }

  /** Sets the mask of the last vector of a row: -1 for the lanes that hold positions, else 0. */
  static void fillTailMask(int[] mask, int positions) {
    int used = positions % L == 0 ? L : positions % L;
    Arrays.fill(mask, 0, used, -1);
    Arrays.fill(mask, used, L, 0);
  }
}
