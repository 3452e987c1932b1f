/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data.table;

/** Unsigned bytes, 0 to 255: the pixels of an image set at one byte each. */
public final class ByteTable implements FeatureTable {

  private final Pages<byte[]> pages;

  private ByteTable(Pages<byte[]> pages) {
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
    ShiftedBytes.read(pages.page(row), from, endFeature - firstFeature, target, at);
  }

  /** Collects rows one after the other; for one thread. */
  public static final class Builder {

    private final Pages.Builder<byte[]> pages;
    private final byte[] shifted;

    /** Creates an empty builder of rows of {@code features} values. */
    public Builder(int features) {
      this.pages = new Pages.Builder<>(features, byte[]::new);
      this.shifted = new byte[features];
    }

    /** Appends the row that starts at {@code values[from]}. */
    public void append(byte[] values, int from) {
      ShiftedBytes.store(values, from, shifted);
      pages.append(shifted, 0);
    }

    /** Returns the table of all rows appended; the builder must not be used after. */
    public ByteTable build() {
      return new ByteTable(pages.build());
    }
  }
}
