/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data;

import org.espalier.UserException;
import org.espalier.data.table.FeatureTable;
import org.espalier.train.SampleSource;

/**
 * Labelled rows of a table, normalised as they are read. Several of these share one table: the
 * parts of a random split, or the same part under another normalisation.
 */
public final class Samples implements SampleSource {

  private final FeatureTable table;
  private final int[] rows;
  private final int[] labels;
  private final int classes;
  private final float[] scale;
  private final float[] shift;

  /**
   * Creates samples.
   *
   * @param rows the row of the table that each sample is
   * @param labels the label of each row of the table, in {@code [0, classes)}
   */
  Samples(FeatureTable table, int[] rows, int[] labels, int classes, Normalization normalization) {
    this.table = table;
    this.rows = rows;
    this.labels = labels;
    this.classes = classes;
    this.scale = normalization.scale();
    this.shift = normalization.shift();
  }

  /**
   * Returns all rows of a table as samples, not normalised.
   *
   * @param labels one label per row, in {@code [0, classes)}; kept, not copied
   * @throws UserException if a row has no label, or a label is out of range
   */
  public static Samples of(FeatureTable table, int[] labels, int classes) {
    if (labels.length != table.rows()) {
      throw new UserException(
          "There are " + labels.length + " labels, expected " + table.rows() + ", one per row.");
    }
    for (int row = 0; row < labels.length; row++) {
      if (labels[row] < 0 || labels[row] >= classes) {
        throw new UserException(
            "Row " + row + " has label " + labels[row] + ", expected 0 to " + (classes - 1) + ".");
      }
    }
    int[] rows = RowSplit.all(labels.length);
    return new Samples(table, rows, labels, classes, Normalization.none(table.features()));
  }

  /** Returns the same samples under another normalisation; nothing is copied. */
  Samples withNormalization(Normalization normalization) {
    if (normalization.features() != features()) {
      throw new UserException(
          "The normalisation is for "
              + normalization.features()
              + " features, expected "
              + features()
              + " as in the data.");
    }
    return new Samples(table, rows, labels, classes, normalization);
  }

  @Override
  public int size() {
    return rows.length;
  }

  @Override
  public int features() {
    return table.features();
  }

  @Override
  public int classes() {
    return classes;
  }

  @Override
  public void gather(
      int[] samples,
      int count,
      int firstFeature,
      int endFeature,
      float[] target,
      int offset,
      int stride) {
    int[] batch = new int[count];
    for (int i = 0; i < count; i++) {
      batch[i] = rows[samples[i]];
    }
    table.gather(batch, count, firstFeature, endFeature, scale, shift, target, offset, stride);
  }

  @Override
  public void labels(int[] samples, int count, int[] target) {
    for (int i = 0; i < count; i++) {
      target[i] = labels[rows[samples[i]]];
    }
  }
}
