/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend;

import java.util.List;
import org.espalier.sparse.CsrMatrix;
import org.espalier.sparse.SparseWeights;
import org.espalier.sparse.TransposedCopy;
import org.espalier.sparse.ValueRule;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.Tensor;

/**
 * Pruning, growing and rebuilding of sparse weights on the device; only counts come back to the
 * host. Every backend takes the same decisions, bit for bit. An update is: mark what stays, draw
 * what is new, rebuild.
 *
 * <p>All cost O(nnz + count) memory, and as much time unless they say otherwise.
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
   * Marks for removal the {@code count} values of smallest magnitude among all those of the layers
   * together: with one layer local pruning, with several global pruning. Ties go in the order of
   * the layers, then in canonical order. NaN is larger than all numbers, so it goes last.
   *
   * @param keep for each layer INT32, nnz elements, overwritten: 1 stays, 0 goes
   * @param count how many go, from none to all
   * @throws IllegalArgumentException if there are fewer than {@code count} values, or not as many
   *     buffers as layers
   */
  void pruneMagnitude(List<CsrMatrix> layers, List<DeviceBuffer> keep, long count);

  /**
   * Scores the connections; {@link #pruneMagnitude} of the scores in place of the values prunes the
   * least valuable.
   *
   * @param gradient FLOAT32, nnz elements; null unless the formula reads it
   * @param key of RANDOM
   * @param scores FLOAT32, at least nnz elements, overwritten
   */
  void score(
      PruneScore score, CsrMatrix weights, DeviceBuffer gradient, long key, DeviceBuffer scores);

  /** Returns how many of {@code nnz} flags say that a connection stays. */
  int countKept(DeviceBuffer keep, int nnz);

  /**
   * Returns the sum of the magnitudes of n floats in double precision: 1024 at a time in their
   * order, then these sums in theirs, so that it is the same on every backend.
   */
  double sumOfMagnitudes(DeviceBuffer values, int n);

  /**
   * Lists the canonical positions of the connections, ascending.
   *
   * @param positions INT64, at least nnz elements, overwritten
   */
  void positions(CsrMatrix pattern, DeviceBuffer positions);

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
   * Finds the {@code count} cells without a surviving connection (just pruned ones included) whose
   * gradient, {@code sum over p of dY[r,p] * tap[c,p]}, has the largest magnitude (RigL); columns
   * read the input by taps as in {@link SparseProducts}. Of equal ones the first in canonical order
   * come first. A gradient that is NaN is larger than all numbers.
   *
   * <p>A gradient is summed in the order of the positions, from 0 on; every product and every sum
   * is rounded to a float. That is part of what the operation is: all backends find the same cells.
   * Without a kernel no position may be left out. With one, the positions of the halo may be: dY is
   * zero there and X is finite, so their products are zeros, and no zero of either sign changes a
   * sum that started at +0.
   *
   * <p>Costs two or three times the {@code 2 M K n} flops of the dense gradient of an M x K layer;
   * more, if very many gradients are equal. The gradient is never stored: memory is O(nnz + count).
   *
   * @param keep what stays, as {@link #pruneSignwise} left it
   * @param x K x n; with a kernel, channels times phases x n
   * @param dy M x n
   * @param positions INT64, at least count elements: canonical positions, ascending
   * @throws IllegalArgumentException if there are fewer than {@code count} such cells, or a shape
   *     is another
   */
  void growGradient(
      CsrMatrix weights, DeviceBuffer keep, Tensor x, Tensor dy, int count, DeviceBuffer positions);

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
