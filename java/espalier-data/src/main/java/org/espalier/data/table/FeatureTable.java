/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data.table;

/**
 * The features of all rows of a data file, in the form that takes the least memory.
 *
 * <p>Tables are immutable once built, and may be read from several threads at once. Values become
 * floats when they are gathered, as {@code x * scale[f] + shift[f]}, so that a normalised set needs
 * no second copy.
 */
public sealed interface FeatureTable permits ByteTable, FloatTable, SparseTable {

  /** Returns the number of rows. */
  int rows();

  /** Returns the number of features of every row. */
  int features();

  /**
   * Writes features of a batch of rows in feature-major layout: {@code x * scale[f] + shift[f]} of
   * feature {@code f} of row {@code rows[i]} goes to {@code target[offset + f * stride + i]}, for
   * {@code f} in {@code [firstFeature, endFeature)} and {@code i} in {@code [0, count)}. Nothing
   * else of {@code target} is touched.
   *
   * @param rows row numbers in {@code [0, rows())}
   * @param count how many of {@code rows} to read; at most {@code stride}
   * @param scale one factor per feature
   * @param shift one summand per feature
   */
  void gather(
      int[] rows,
      int count,
      int firstFeature,
      int endFeature,
      float[] scale,
      float[] shift,
      float[] target,
      int offset,
      int stride);
}
