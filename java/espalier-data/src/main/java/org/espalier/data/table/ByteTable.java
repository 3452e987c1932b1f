/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data.table;

/**
 * Unsigned bytes, 0 to 255: the pixels of an image set at one byte each.
 *
 * <p>They are kept less 128: signed bytes become floats in one vector instruction (JDK 25), for
 * unsigned ones compilers make a loop that is six times slower.
 */
public final class ByteTable implements FeatureTable {

  private static final int ZERO = 128;

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
    byte[] page = pages.page(row);
    int from = pages.start(row) + firstFeature;
    int count = endFeature - firstFeature;
    for (int k = 0; k < count; k++) {
      target[at + k] = page[from + k] + (float) ZERO;
    }
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
      for (int k = 0; k < shifted.length; k++) {
        shifted[k] = (byte) (values[from + k] - ZERO);
      }
      pages.append(shifted, 0);
    }

    /** Returns the table of all rows appended; the builder must not be used after. */
    public ByteTable build() {
      return new ByteTable(pages.build());
    }
  }
}
