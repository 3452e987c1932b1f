/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data.table;

import java.util.Arrays;

/** Rows of which only the values other than zero are stored, with their feature numbers (CSR). */
public final class SparseTable implements FeatureTable {

  private final int features;
  private final int[] rowStart;
  private final int[] columns;
  private final float[] values;

  private SparseTable(int features, int[] rowStart, int[] columns, float[] values) {
    this.features = features;
    this.rowStart = rowStart;
    this.columns = columns;
    this.values = values;
  }

  @Override
  public int rows() {
    return rowStart.length - 1;
  }

  @Override
  public int features() {
    return features;
  }

  /** Returns the number of stored values of all rows. */
  public int nnz() {
    return columns.length;
  }

  /**
   * Returns the same rows with at least {@code count} features; the ones added are zero everywhere.
   * A sparse text file names only features that occur, so its two parts may differ in the last one.
   */
  public SparseTable widened(int count) {
    return new SparseTable(Math.max(features, count), rowStart, columns, values);
  }

  @Override
  public void read(int row, int firstFeature, int endFeature, float[] target, int at) {
    Arrays.fill(target, at, at + endFeature - firstFeature, 0);
    int end = rowStart[row + 1];
    int k = lowerBound(rowStart[row], end, firstFeature);
    for (; k < end && columns[k] < endFeature; k++) {
      target[at + columns[k] - firstFeature] = values[k];
    }
  }

  /** Returns the first position in {@code [from, to)} whose feature is at least {@code feature}. */
  private int lowerBound(int from, int to, int feature) {
    int found = Arrays.binarySearch(columns, from, to, feature);
    return found >= 0 ? found : -found - 1;
  }

  /** Collects rows one after the other, value by value; for one thread. */
  public static final class Builder {

    private int features;
    private int rows;
    private int nnz;
    private int[] rowStart = new int[1024];
    private int[] columns = new int[16384];
    private float[] values = new float[16384];

    /** Creates an empty builder. */
    public Builder() {}

    /**
     * Appends a value to the row that is being written. Features of a row come in ascending order;
     * zeros may be left out.
     *
     * @param feature feature number, from 0
     */
    public void add(int feature, float value) {
      features = Math.max(features, feature + 1);
      if (value == 0) {
        return;
      }
      if (nnz == columns.length) {
        int larger = Math.addExact(nnz, nnz >> 1);
        columns = Arrays.copyOf(columns, larger);
        values = Arrays.copyOf(values, larger);
      }
      columns[nnz] = feature;
      values[nnz++] = value;
    }

    /** Ends the row that is being written; a row may be empty. */
    public void endRow() {
      if (rows + 1 == rowStart.length) {
        rowStart = Arrays.copyOf(rowStart, 2 * rowStart.length);
      }
      rowStart[++rows] = nnz;
    }

    /** Returns the table of all rows ended; its features are the highest one added, plus one. */
    public SparseTable build() {
      return new SparseTable(
          features,
          Arrays.copyOf(rowStart, rows + 1),
          Arrays.copyOf(columns, nnz),
          Arrays.copyOf(values, nnz));
    }
  }
}
