/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data.table;

/**
 * How many rows share one array of a dense table: a power of two, about a million elements.
 *
 * <p>Pages let a table grow while its file is read without ever being copied, and hold more than
 * 2^31 elements.
 */
final class PageSize {

  private static final int ELEMENTS = 1 << 20;

  private PageSize() {}

  /** Returns the base-2 logarithm of the rows of a page. */
  static int log2Rows(int features) {
    int rows = Math.max(1, ELEMENTS / Math.max(1, features));
    return 31 - Integer.numberOfLeadingZeros(rows);
  }
}
