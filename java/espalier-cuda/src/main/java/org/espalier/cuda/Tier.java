/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cuda;

import org.espalier.backend.KernelPolicy.Precision;

/** How a sparse product is computed: {@code ESP_TIER_...} of {@code native/include/espalier.h}. */
enum Tier {
  /** By rules of shape and density. */
  AUTO,
  /** Rows of the dense operand straight from the second-level cache. */
  GATHER,
  /** Slabs of the dense operand staged in shared memory. */
  SLAB,
  /** Weights written out with their zeros, and a dense product in single precision. */
  DENSE,
  /** The same with factors rounded to tf32, on tensor cores. */
  TENSOR,
  /** As {@link #GATHER}, with the dense operands rounded to bfloat16. */
  GATHER_16,
  /** As {@link #SLAB}, with the dense operands rounded to bfloat16. */
  SLAB_16,
  /** One of the two in 16 bits, by rules of shape and density. */
  AUTO_16;

  long code() {
    return ordinal();
  }

  /** Tells whether this is a way to compute, and not a rule that chooses one. */
  boolean isChoice() {
    return this != AUTO && this != AUTO_16;
  }

  /** Tells whether it rounds no more than it may. */
  boolean allowedBy(Precision precision) {
    return switch (this) {
      case TENSOR -> precision == Precision.TF32;
      case GATHER_16, SLAB_16, AUTO_16 -> precision == Precision.BF16;
      default -> true;
    };
  }

  /** Returns what rules choose among the tiers that may round that much. */
  static Tier byRule(Precision precision) {
    return precision == Precision.BF16 ? AUTO_16 : AUTO;
  }

  /** Returns the tier that does the same without a slab index. */
  Tier withoutSlabs() {
    return switch (this) {
      case SLAB -> GATHER;
      case SLAB_16 -> GATHER_16;
      default -> this;
    };
  }

  /**
   * Returns the largest error of a correct result, in units of what single precision explains:
   * {@code 2^-24} of the largest term, for each term.
   */
  double allowedError() {
    return switch (this) {
      case TENSOR -> 4 << 13; // tf32 keeps 13 bits less of each factor
      case GATHER_16, SLAB_16 -> 4 + (1 << 17); // each of two factors is off by 2^-8 at most
      default -> 4;
    };
  }
}
