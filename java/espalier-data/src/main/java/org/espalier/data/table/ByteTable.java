/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data.table;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Unsigned bytes, 0 to 255: the pixels of an image set at one byte each. */
public final class ByteTable implements FeatureTable {

  /**
   * Features per block: short enough that the lines a block writes stay in the cache, long enough
   * that rows are read ahead.
   */
  private static final int BLOCK = 256;

  private final int features;
  private final int rows;
  private final int log2PageRows;
  private final byte[][] pages;

  private ByteTable(int features, int rows, int log2PageRows, byte[][] pages) {
    this.features = features;
    this.rows = rows;
    this.log2PageRows = log2PageRows;
    this.pages = pages;
  }

  @Override
  public int rows() {
    return rows;
  }

  @Override
  public int features() {
    return features;
  }

  @Override
  public void gather(
      int[] samples,
      int count,
      int firstFeature,
      int endFeature,
      float[] scale,
      float[] shift,
      float[] target,
      int offset,
      int stride) {
    for (int first = firstFeature; first < endFeature; first += BLOCK) {
      int end = Math.min(first + BLOCK, endFeature);
      int start = offset + first * stride;
      int i = 0;
      for (; i + 4 <= count; i += 4) {
        four(samples, i, first, end, scale, shift, target, start + i, stride);
      }
      for (; i < count; i++) {
        one(samples[i], first, end, scale, shift, target, start + i, stride);
      }
    }
  }

  /** Reads four rows side by side, so that every store goes next to the one before. */
  private void four(
      int[] samples,
      int i,
      int first,
      int end,
      float[] scale,
      float[] shift,
      float[] target,
      int start,
      int stride) {
    int mask = (1 << log2PageRows) - 1;
    byte[] page0 = pages[samples[i] >>> log2PageRows];
    byte[] page1 = pages[samples[i + 1] >>> log2PageRows];
    byte[] page2 = pages[samples[i + 2] >>> log2PageRows];
    byte[] page3 = pages[samples[i + 3] >>> log2PageRows];
    int base0 = (samples[i] & mask) * features;
    int base1 = (samples[i + 1] & mask) * features;
    int base2 = (samples[i + 2] & mask) * features;
    int base3 = (samples[i + 3] & mask) * features;
    int to = start;
    for (int f = first; f < end; f++) {
      float factor = scale[f];
      float summand = shift[f];
      target[to] = (page0[base0 + f] & 0xff) * factor + summand;
      target[to + 1] = (page1[base1 + f] & 0xff) * factor + summand;
      target[to + 2] = (page2[base2 + f] & 0xff) * factor + summand;
      target[to + 3] = (page3[base3 + f] & 0xff) * factor + summand;
      to += stride;
    }
  }

  private void one(
      int row,
      int first,
      int end,
      float[] scale,
      float[] shift,
      float[] target,
      int start,
      int stride) {
    byte[] page = pages[row >>> log2PageRows];
    int base = (row & ((1 << log2PageRows) - 1)) * features;
    int to = start;
    for (int f = first; f < end; f++) {
      target[to] = (page[base + f] & 0xff) * scale[f] + shift[f];
      to += stride;
    }
  }

  /** Collects rows one after the other; for one thread. */
  public static final class Builder {

    private final int features;
    private final int log2PageRows;
    private final List<byte[]> pages = new ArrayList<>();
    private int rows;

    /** Creates an empty builder of rows of {@code features} values. */
    public Builder(int features) {
      this.features = features;
      this.log2PageRows = PageSize.log2Rows(features);
    }

    /** Appends the row that starts at {@code values[from]}. */
    public void append(byte[] values, int from) {
      int inPage = rows & ((1 << log2PageRows) - 1);
      if (inPage == 0) {
        pages.add(new byte[features << log2PageRows]);
      }
      System.arraycopy(values, from, pages.get(pages.size() - 1), inPage * features, features);
      rows++;
    }

    /** Returns the table of all rows appended; the builder must not be used after. */
    public ByteTable build() {
      int inLast = rows & ((1 << log2PageRows) - 1);
      if (inLast != 0) {
        int last = pages.size() - 1;
        pages.set(last, Arrays.copyOf(pages.get(last), inLast * features));
      }
      return new ByteTable(features, rows, log2PageRows, pages.toArray(new byte[0][]));
    }
  }
}
