/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data;

import java.util.Optional;
import org.espalier.UserException;
import org.espalier.data.table.FeatureTable;
import org.espalier.train.FeatureScaling;

/**
 * Labelled rows of a table and their normalisation. Several of these share one table: the parts of
 * a random split, or the same part under another normalisation.
 */
public final class Samples implements DataPart {

  private final FeatureTable table;
  private final int[] rows;
  private final int[] labels;
  private final int classes;
  private final FeatureScaling scaling;

  /**
   * Creates samples.
   *
   * @param rows the row of the table that each sample is
   * @param labels the label of each row of the table, in {@code [0, classes)}
   */
  Samples(FeatureTable table, int[] rows, int[] labels, int classes, FeatureScaling normalization) {
    this.table = table;
    this.rows = rows;
    this.labels = labels;
    this.classes = classes;
    this.scaling = normalization;
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
    return new Samples(table, rows, labels, classes, FeatureScaling.identity(table.features()));
  }

  @Override
  public Samples withNormalization(FeatureScaling normalization) {
    Normalization.check(normalization, features());
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
  public void read(int sample, int firstFeature, int endFeature, float[] target, int at) {
    table.read(rows[sample], firstFeature, endFeature, target, at);
  }

  @Override
  public float[] array(int sample) {
    return table.array(rows[sample]);
  }

  @Override
  public int start(int sample) {
    return table.start(rows[sample]);
  }

  @Override
  public Optional<FeatureScaling> scaling() {
    return Optional.of(scaling);
  }

  @Override
  public int label(int sample) {
    return labels[rows[sample]];
  }
}
