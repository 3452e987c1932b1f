/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data.format;

/**
 * How a CSV file is laid out. The separator is a comma, a semicolon or a tab, whichever the first
 * line has.
 *
 * @param label where the label stands
 * @param header whether the first line names the columns
 */
public record CsvOptions(Label label, Header header) {

  /** Label in the first column, header line found by itself. */
  public static final CsvOptions DEFAULT = new CsvOptions(Label.FIRST, Header.DETECT);

  /** Where the label of a row stands. */
  public enum Label {
    /** In the first column. */
    FIRST,
    /** In the last column. */
    LAST,
    /** Nowhere: all columns are features, and every label is 0, of one class. */
    NONE
  }

  /** Whether the first line names the columns. */
  public enum Header {
    /** It does if none of its fields is a number. */
    DETECT,
    /** It does. */
    PRESENT,
    /** It does not: it is the first row. */
    ABSENT
  }
}
