/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data.table;

/** Single-precision values, row after row. */
public final class FloatTable implements FeatureTable {

  private final Pages<float[]> pages;

  private FloatTable(Pages<float[]> pages) {
    this.pages = pages;
  }

  @Override
  public int rows() {
    return pages.rows();
  }

  @Override
  public int features() {
    return pages.rowLength();
  }

  @Override
  public void read(int row, int firstFeature, int endFeature, float[] target, int at) {
    int from = pages.start(row) + firstFeature;
    System.arraycopy(pages.page(row), from, target, at, endFeature - firstFeature);
  }

  @Override
  public float[] array(int row) {
    return pages.page(row);
  }

  @Override
  public int start(int row) {
    return pages.start(row);
  }

  /** Collects rows one after the other; for one thread. */
  public static final class Builder {

    private final Pages.Builder<float[]> pages;

    /** Creates an empty builder of rows of {@code features} values. */
    public Builder(int features) {
      this.pages = new Pages.Builder<>(features, float[]::new);
    }

    /** Appends the row that starts at {@code values[from]}. */
    public void append(float[] values, int from) {
      pages.append(values, from);
    }

    /** Returns the table of all rows appended; the builder must not be used after. */
    public FloatTable build() {
      return new FloatTable(pages.build());
    }
  }
}
