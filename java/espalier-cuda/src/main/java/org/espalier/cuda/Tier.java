/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cuda;

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
  TENSOR;

  long code() {
    return ordinal();
  }
}
