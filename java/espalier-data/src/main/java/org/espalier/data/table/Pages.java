/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data.table;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * Rows of equal length in several arrays of about a million elements, each of which holds whole
 * rows, a power of two of them. Pages let a table grow while its file is read without ever being
 * copied, and hold more than 2^31 elements.
 *
 * @param <A> array of a primitive type
 */
final class Pages<A> {

  private static final int ELEMENTS = 1 << 20;

  private final int rowLength;
  private final int log2Rows;
  private final int rows;
  private final List<A> pages;

  private Pages(int rowLength, int log2Rows, int rows, List<A> pages) {
    this.rowLength = rowLength;
    this.log2Rows = log2Rows;
    this.rows = rows;
    this.pages = List.copyOf(pages);
  }

  int rows() {
    return rows;
  }

  int rowLength() {
    return rowLength;
  }

  /** Returns the array that holds a row. */
  A page(int row) {
    return pages.get(row >>> log2Rows);
  }

  /** Returns where in its array a row starts. */
  int start(int row) {
    return (row & ((1 << log2Rows) - 1)) * rowLength;
  }

  /** Collects rows one after the other; for one thread. */
  static final class Builder<A> {

    private final int rowLength;
    private final int log2Rows;
    private final IntFunction<A> newArray;
    private final List<A> pages = new ArrayList<>();
    private int rows;

    Builder(int rowLength, IntFunction<A> newArray) {
      int most = Math.max(1, ELEMENTS / Math.max(1, rowLength));
      this.rowLength = rowLength;
      this.log2Rows = 31 - Integer.numberOfLeadingZeros(most);
      this.newArray = newArray;
    }

    /** Appends the row that starts at {@code values[from]}. */
    void append(A values, int from) {
      int before = rowsOfLast();
      if (before == 0) {
        pages.add(newArray.apply(rowLength << log2Rows));
      }
      System.arraycopy(values, from, last(), before * rowLength, rowLength);
      rows++;
    }

    /** Returns all rows appended; the builder must not be used after. */
    Pages<A> build() {
      int used = rowsOfLast() * rowLength;
      if (used != 0) {
        A trimmed = newArray.apply(used);
        System.arraycopy(last(), 0, trimmed, 0, used);
        pages.set(pages.size() - 1, trimmed);
      }
      return new Pages<>(rowLength, log2Rows, rows, pages);
    }

    /** Returns how many rows the last array holds; 0 for as many as it can. */
    private int rowsOfLast() {
      return rows & ((1 << log2Rows) - 1);
    }

    private A last() {
      return pages.get(pages.size() - 1);
    }
  }
}
