/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data.format;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.espalier.data.table.ByteTable;
import org.espalier.data.table.FeatureTable;
import org.espalier.data.table.FloatTable;

/**
 * Reads the elements that follow the header of a binary array file (IDX, NPY), first dimension
 * slowest.
 */
final class ArrayReader {

  private static final int CHUNK = 1 << 16;

  private final ByteReader in;
  private final ElementReader element;
  private final ByteOrder order;

  ArrayReader(ByteReader in, ElementReader element, ByteOrder order) {
    this.in = in;
    this.element = element;
    this.order = order;
  }

  /** Reads {@code rows} rows of features up to the end of the file; unsigned bytes stay bytes. */
  FeatureTable features(int rows, int features) {
    FeatureTable table =
        element == ElementReader.UINT8 ? bytes(rows, features) : floats(rows, features);
    in.expectEnd(rows + " samples of " + features + " features");
    return table;
  }

  private FeatureTable bytes(int rows, int features) {
    ByteTable.Builder table = new ByteTable.Builder(features);
    byte[] chunk = new byte[Math.max(1, CHUNK / features) * features];
    for (int row = 0; row < rows; ) {
      int count = Math.min(rows - row, chunk.length / features);
      in.readFully(chunk, 0, count * features, sampleName(row, rows));
      for (int i = 0; i < count; i++) {
        table.append(chunk, i * features);
      }
      row += count;
    }
    return table.build();
  }

  private FeatureTable floats(int rows, int features) {
    FloatTable.Builder table = new FloatTable.Builder(features);
    byte[] chunk = new byte[CHUNK];
    ByteBuffer view = ByteBuffer.wrap(chunk).order(order);
    int chunkElements = CHUNK / element.bytes();
    float[] row = new float[features];
    for (int r = 0; r < rows; r++) {
      for (int first = 0; first < features; first += chunkElements) {
        int count = Math.min(features - first, chunkElements);
        in.readFully(chunk, 0, count * element.bytes(), sampleName(r, rows));
        for (int i = 0; i < count; i++) {
          row[first + i] = finite(element.get(view, i * element.bytes()), r, first + i);
        }
      }
      table.append(row, 0);
    }
    return table.build();
  }

  private static String sampleName(int row, int rows) {
    return "sample " + (row + 1) + " of " + rows;
  }

  private float finite(float value, int row, int feature) {
    if (!Float.isFinite(value)) {
      throw in.file()
          .error(
              "row %d, column %d holds %s, expected a finite single-precision number",
              row + 1, feature + 1, value);
    }
    return value;
  }

  /** Reads {@code count} labels up to the end of the file. */
  int[] labels(int count, LabelRange range) {
    LabelList labels = new LabelList();
    byte[] chunk = new byte[CHUNK];
    ByteBuffer view = ByteBuffer.wrap(chunk).order(order);
    int chunkElements = CHUNK / element.bytes();
    for (int first = 0; first < count; first += chunkElements) {
      int part = Math.min(count - first, chunkElements);
      in.readFully(chunk, 0, part * element.bytes(), "label " + (first + 1) + " of " + count);
      for (int i = 0; i < part; i++) {
        float value = element.get(view, i * element.bytes());
        int label = range.parse(value);
        if (label < 0) {
          throw in.file()
              .error("label %d is %s, expected %s", first + i + 1, shown(value), range.expected());
        }
        labels.add(label);
      }
    }
    in.expectEnd(count + " labels");
    return labels.toArray();
  }

  private static String shown(float value) {
    boolean whole = value == Math.rint(value) && Math.abs(value) < 1e9f;
    return whole ? Integer.toString((int) value) : Float.toString(value);
  }
}
