/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data.format;

import java.util.List;
import java.util.Optional;
import org.espalier.UserException;
import org.espalier.data.table.SparseTable;

/**
 * Reads LIBSVM text: {@code label index:value index:value ...}, indices from 1 and ascending, a
 * comment from {@code #} to the end of the line. Labels are classes from 0, or -1 and +1, which
 * become 0 and 1.
 */
final class LibsvmReader {

  /** The highest index taken; a larger one is a broken file rather than a wide one. */
  private static final int MAX_INDEX = 1 << 26;

  private final DataFile file;
  private final LabelRange range;
  private final LineReader lines;
  private final LabelList labels = new LabelList();
  private final SparseTable.Builder table = new SparseTable.Builder();
  private long minusRow;
  private long notSignRow;

  private LibsvmReader(DataFile file, LabelRange range, LineReader lines) {
    this.file = file;
    this.range = range;
    this.lines = lines;
  }

  /**
   * Reads a file.
   *
   * @throws UserException if the file is missing, empty or corrupt, or a row does not fit
   */
  static Part read(DataFile file, LabelRange range) {
    try (ByteReader in = ByteReader.open(file)) {
      LibsvmReader reader = new LibsvmReader(file, range, new LineReader(in));
      reader.readRows();
      SparseTable features = reader.table.build();
      if (features.rows() == 0 || features.features() == 0) {
        throw file.error(
            "the file holds no samples, expected rows of a label and index:value pairs");
      }
      int[] labels = reader.labels.toArray();
      return new Part(file.name(), features, labels, Optional.empty(), List.of(in.sha256()));
    }
  }

  private void readRows() {
    while (lines.next()) {
      int end = lines.trimEnd(lines.start(), endOfData());
      int from = lines.trimStart(lines.start(), end);
      if (from == end) {
        continue;
      }
      int to = tokenEnd(from, end);
      labels.add(label(from, to));
      int last = 0;
      while ((from = lines.trimStart(to, end)) < end) {
        to = tokenEnd(from, end);
        last = pair(from, to, last);
      }
      table.endRow();
    }
    if (minusRow > 0 && notSignRow > 0) {
      throw file.error(
          "row %d has label -1 and row %d one that is neither -1 nor 1, expected labels from 0, or"
              + " -1 and 1",
          minusRow, notSignRow);
    }
  }

  private int endOfData() {
    byte[] text = lines.buffer();
    for (int i = lines.start(); i < lines.end(); i++) {
      if (text[i] == '#') {
        return i;
      }
    }
    return lines.end();
  }

  private int tokenEnd(int from, int end) {
    byte[] text = lines.buffer();
    int at = from;
    while (at < end && text[at] != ' ' && text[at] != '\t') {
      at++;
    }
    return at;
  }

  private int label(int from, int to) {
    float value = TextNumber.parse(lines.buffer(), from, to);
    if (value == -1) {
      minusRow = minusRow == 0 ? lines.number() : minusRow;
      return 0;
    }
    if (value != 1 && notSignRow == 0) {
      notSignRow = lines.number();
    }
    int label = range.parse(value);
    if (label < 0) {
      throw wrong(from, to, range.expected() + " as label");
    }
    return label;
  }

  /** Reads {@code index:value}; returns the index. */
  private int pair(int from, int to, int last) {
    byte[] text = lines.buffer();
    int colon = from;
    int index = 0;
    while (colon < to && text[colon] >= '0' && text[colon] <= '9' && index <= MAX_INDEX) {
      index = index * 10 + (text[colon++] - '0');
    }
    if (colon == from || colon == to || text[colon] != ':') {
      throw wrong(from, to, "index:value with an index from 1 to " + MAX_INDEX);
    }
    if (index < 1 || index > MAX_INDEX) {
      throw wrong(from, to, "an index from 1 to " + MAX_INDEX);
    }
    if (index <= last) {
      throw wrong(from, to, "an index above " + last + ", the one before it");
    }
    float value = TextNumber.parse(text, colon + 1, to);
    if (!Float.isFinite(value)) {
      throw wrong(from, to, "a finite single-precision number after the colon");
    }
    table.add(index - 1, value);
    return index;
  }

  private UserException wrong(int from, int to, String expected) {
    return file.error(
        "row %d, character %d holds %s, expected %s",
        lines.number(), from - lines.start() + 1, lines.quote(from, to), expected);
  }
}
