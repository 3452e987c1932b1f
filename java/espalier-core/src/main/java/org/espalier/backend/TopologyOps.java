/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend;

import org.espalier.sparse.CsrMatrix;
import org.espalier.sparse.SparseWeights;
import org.espalier.sparse.TransposedCopy;
import org.espalier.sparse.ValueRule;
import org.espalier.tensor.DeviceBuffer;

/**
 * Pruning, growing and rebuilding of sparse weights on the device; only counts come back to the
 * host. Every backend takes the same decisions, bit for bit. An update is: mark what stays, draw
 * what is new, rebuild.
 *
 * <p>All cost O(nnz + count) time and O(nnz + count) memory.
 */
public interface TopologyOps {

  /**
   * Draws connections for an empty layer: {@code count} distinct cells, uniformly.
   *
   * @param initial the value of each
   */
  CsrMatrix random(int rows, int columns, int count, long key, ValueRule initial, long valueKey);

  /**
   * Marks for removal the {@code floor(fraction * n)} smallest positive values and, separately, as
   * many of the negative values nearest to zero (SET). Values that are exactly zero count as
   * positive. Ties go in canonical order.
   *
   * @param keep INT32, nnz elements, overwritten: 1 stays, 0 goes
   * @return how many go
   */
  int pruneSignwise(CsrMatrix weights, double fraction, DeviceBuffer keep);

  /**
   * Draws {@code count} distinct cells, uniformly among those without a surviving connection (just
   * pruned ones included).
   *
   * @param keep what stays, as {@link #pruneSignwise} left it
   * @param positions INT64, at least count elements: canonical positions, ascending
   * @throws IllegalArgumentException if there are fewer than {@code count} such cells
   */
  void growRandom(
      CsrMatrix weights, DeviceBuffer keep, int count, long key, DeviceBuffer positions);

  /**
   * Replaces the connections by the survivors and the grown ones. Survivors keep value and state;
   * grown ones start at {@code initial} with zero state, except that a connection pruned and grown
   * in the same update keeps value and state if {@code keepRegrown}. The transposed copy is
   * dropped.
   *
   * @param positions {@code grown} ascending canonical positions; null when nothing grows
   */
  void rebuild(
      SparseWeights weights,
      DeviceBuffer keep,
      DeviceBuffer positions,
      int grown,
      ValueRule initial,
      long valueKey,
      boolean keepRegrown);

  /** Builds the copy ordered by input channel. */
  TransposedCopy transpose(CsrMatrix weights);
}
