/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data.format;

import java.util.List;
import java.util.Optional;
import org.espalier.UserException;
import org.espalier.data.table.FloatTable;

/**
 * Reads text tables: one sample per row, a whole-number label and features that are finite numbers.
 * Blank lines are skipped; messages count rows as an editor counts lines, from 1.
 */
final class CsvReader {

  private final DataFile file;
  private final CsvOptions options;
  private final LabelRange range;
  private final LineReader lines;
  private final LabelList labels = new LabelList();
  private byte separator;
  private int columns;
  private long firstRow;
  private int labelColumn;
  private float[] row;

  private CsvReader(DataFile file, CsvOptions options, LabelRange range, LineReader lines) {
    this.file = file;
    this.options = options;
    this.range = range;
    this.lines = lines;
  }

  /**
   * Reads a file.
   *
   * @throws UserException if the file is missing, empty or corrupt, or a row does not fit
   */
  static Part read(DataFile file, CsvOptions options, LabelRange range) {
    try (ByteReader in = ByteReader.open(file)) {
      CsvReader reader = new CsvReader(file, options, range, new LineReader(in));
      FloatTable features = reader.table();
      int[] labels = reader.labels.toArray();
      return new Part(file.name(), features, labels, Optional.empty(), List.of(in.sha256()));
    }
  }

  private FloatTable table() {
    if (!nextRow()) {
      throw file.error("the file holds blank lines only, expected rows of numbers");
    }
    layOut();
    boolean more = !isHeader() || nextRow();
    if (!more) {
      throw file.error("the file holds a header line and no rows");
    }
    FloatTable.Builder table = new FloatTable.Builder(row.length);
    for (; more; more = nextRow()) {
      readRow();
      table.append(row, 0);
    }
    return table.build();
  }

  private boolean nextRow() {
    while (lines.next()) {
      if (!lines.isBlank()) {
        return true;
      }
    }
    return false;
  }

  /** Takes separator and number of columns from the first line. */
  private void layOut() {
    separator = ',';
    byte[] text = lines.buffer();
    for (int i = lines.start(); i < lines.end(); i++) {
      if (text[i] == ',' || text[i] == ';' || text[i] == '\t') {
        separator = text[i];
        break;
      }
    }
    columns = countColumns();
    firstRow = lines.number();
    boolean labelled = options.label() != CsvOptions.Label.NONE;
    if (labelled && columns < 2) {
      throw file.error(
          "row %d has one column, expected a label and features separated by commas",
          lines.number());
    }
    row = new float[labelled ? columns - 1 : columns];
    labelColumn =
        switch (options.label()) {
          case FIRST -> 0;
          case LAST -> columns - 1;
          case NONE -> -1;
        };
  }

  private int countColumns() {
    byte[] text = lines.buffer();
    int count = 1;
    for (int i = lines.start(); i < lines.end(); i++) {
      if (text[i] == separator) {
        count++;
      }
    }
    return count;
  }

  private boolean isHeader() {
    if (options.header() != CsvOptions.Header.DETECT) {
      return options.header() == CsvOptions.Header.PRESENT;
    }
    int from = lines.start();
    while (from <= lines.end()) {
      int to = fieldEnd(from);
      if (!Float.isNaN(number(from, to))) {
        return false;
      }
      from = to + 1;
    }
    return true;
  }

  private void readRow() {
    int label = 0;
    int column = 0;
    int from = lines.start();
    while (from <= lines.end()) {
      int to = fieldEnd(from);
      if (column < columns) {
        if (column == labelColumn) {
          label = label(from, to);
        } else {
          int feature = labelColumn == 0 ? column - 1 : column;
          row[feature] = feature(column, from, to);
        }
      }
      column++;
      from = to + 1;
    }
    if (column != columns) {
      throw file.error(
          "row %d has %d columns, expected %d as in row %d",
          lines.number(), column, columns, firstRow);
    }
    labels.add(label);
  }

  private int fieldEnd(int from) {
    byte[] text = lines.buffer();
    int at = from;
    while (at < lines.end() && text[at] != separator) {
      at++;
    }
    return at;
  }

  private float number(int from, int to) {
    int start = lines.trimStart(from, to);
    return TextNumber.parse(lines.buffer(), start, lines.trimEnd(start, to));
  }

  private float feature(int column, int from, int to) {
    float value = number(from, to);
    if (!Float.isFinite(value)) {
      throw wrong(column, from, to, "a finite single-precision number");
    }
    return value;
  }

  private int label(int from, int to) {
    int label = range.parse(number(from, to));
    if (label < 0) {
      throw wrong(labelColumn, from, to, range.expected() + " as label");
    }
    return label;
  }

  private UserException wrong(int column, int from, int to, String expected) {
    int count = countColumns();
    if (count != columns) {
      // A row with a hole in it reads as wrong values first; the count is the better explanation.
      return file.error(
          "row %d has %d columns, expected %d as in row %d",
          lines.number(), count, columns, firstRow);
    }
    int start = lines.trimStart(from, to);
    return file.error(
        "row %d, column %d holds %s, expected %s",
        lines.number(), column + 1, lines.quote(start, lines.trimEnd(start, to)), expected);
  }
}
