/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.espalier.UserException;
import org.espalier.data.table.ByteTable;
import org.espalier.data.table.Contents;
import org.espalier.data.table.FloatTable;
import org.espalier.data.table.ImageShape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdxReaderTest {

  private static final byte[] IMAGES =
      Bytes.idx(new int[] {3, 2, 2}, 0, 1, 2, 3, 128, 200, 254, 255, 9, 8, 7, 6);
  private static final byte[] LABELS = Bytes.idx(new int[] {3}, 2, 0, 1);

  @TempDir private Path folder;

  private Part read(byte[] images, byte[] labels, LabelRange range) {
    Path x = Bytes.write(folder.resolve("images"), images);
    Path y = Bytes.write(folder.resolve("labels"), labels);
    return IdxReader.read(DataFile.of(x), DataFile.of(y), range);
  }

  private void fails(byte[] images, byte[] labels, String... words) {
    UserException e =
        assertThrows(UserException.class, () -> read(images, labels, new LabelRange(3)));
    for (String word : words) {
      assertTrue(e.getMessage().contains(word), e.getMessage());
    }
  }

  @Test
  void imagesAreReadPlainAndPacked() {
    for (boolean packed : new boolean[] {false, true}) {
      Part part =
          read(
              packed ? Bytes.gzip(IMAGES) : IMAGES,
              packed ? Bytes.gzip(LABELS) : LABELS,
              LabelRange.ANY);
      assertEquals(ByteTable.class, part.features().getClass());
      assertArrayEquals(
          new float[][] {{0, 1, 2, 3}, {128, 200, 254, 255}, {9, 8, 7, 6}},
          Contents.rows(part.features()));
      assertArrayEquals(new int[] {2, 0, 1}, part.labels());
      assertEquals(Optional.of(new ImageShape(2, 2, 1)), part.shape());
    }
  }

  @Test
  void otherElementTypesBecomeFloats() {
    byte[] labels = Bytes.idx(new int[] {2}, 0, 1);
    float[][] expected = {{1.5f, -2}, {0, 4}};
    byte[] floats = Bytes.floats(ByteOrder.BIG_ENDIAN, 1.5f, -2, 0, 4);
    byte[] doubles = Bytes.doubles(ByteOrder.BIG_ENDIAN, 1.5, -2, 0, 4);
    int[] shape = {2, 2};
    assertArrayEquals(expected, rows(Bytes.idx(0x0d, shape, floats), labels));
    assertArrayEquals(expected, rows(Bytes.idx(0x0e, shape, doubles), labels));
    float[][] whole = {{1, -2}, {0, 4}};
    assertArrayEquals(
        whole, rows(Bytes.idx(0x0c, shape, Bytes.ints(ByteOrder.BIG_ENDIAN, 1, -2, 0, 4)), labels));
    assertArrayEquals(whole, rows(Bytes.idx(0x09, shape, Bytes.bytes(1, -2, 0, 4)), labels));
    assertArrayEquals(
        whole, rows(Bytes.idx(0x0b, shape, Bytes.bytes(0, 1, 255, 254, 0, 0, 0, 4)), labels));
  }

  private float[][] rows(byte[] images, byte[] labels) {
    Part part = read(images, labels, LabelRange.ANY);
    assertEquals(FloatTable.class, part.features().getClass());
    return Contents.rows(part.features());
  }

  @Test
  void labelsMayBeWiderThanBytes() {
    byte[] labels = Bytes.idx(0x0c, new int[] {3}, Bytes.ints(ByteOrder.BIG_ENDIAN, 300, 0, 1));
    assertArrayEquals(new int[] {300, 0, 1}, read(IMAGES, labels, LabelRange.ANY).labels());
  }

  @Test
  void wrongMagicIsShown() {
    byte[] wrong = IMAGES.clone();
    wrong[0] = 'P';
    fails(wrong, LABELS, "images: the first four bytes are 50 00 08 03, expected an IDX file");
    byte[] type = IMAGES.clone();
    type[2] = 0x0a;
    fails(type, LABELS, "images: byte 2 holds type 0x0a");
  }

  @Test
  void truncatedFilesTellWhichSampleIsMissing() {
    fails(Arrays.copyOf(IMAGES, IMAGES.length - 1), LABELS, "images: truncated at byte 27");
    fails(Arrays.copyOf(IMAGES, 9), LABELS, "truncated at byte 9", "the IDX dimensions");
    fails(IMAGES, Arrays.copyOf(LABELS, 9), "labels: truncated at byte 9", "label 1 of 3");
    fails(Arrays.copyOf(IMAGES, 2), LABELS, "truncated at byte 2", "the IDX magic number");
  }

  @Test
  void longerFilesAreErrors() {
    fails(Arrays.copyOf(IMAGES, IMAGES.length + 1), LABELS, "images: data goes on after byte 28");
  }

  @Test
  void countsThatDifferAreErrors() {
    fails(IMAGES, Bytes.idx(new int[] {2}, 0, 1), "labels: the file has 2 labels, expected 3");
  }

  @Test
  void swappedFilesAreErrors() {
    fails(LABELS, IMAGES, "images: the file holds a list of 3 values, expected samples");
    fails(IMAGES, IMAGES, "labels: the file has 3 dimensions, expected one label per sample");
  }

  @Test
  void labelOutOfRangeTellsWhere() {
    fails(
        IMAGES,
        Bytes.idx(new int[] {3}, 2, 3, 1),
        "labels: label 2 is 3, expected a whole number from 0 to 2");
  }

  @Test
  void valuesThatAreNotFiniteTellRowAndColumn() {
    byte[] labels = Bytes.idx(new int[] {2}, 0, 1);
    byte[] values = Bytes.floats(ByteOrder.BIG_ENDIAN, 0, 1, Float.NaN, 2);
    fails(Bytes.idx(0x0d, new int[] {2, 2}, values), labels, "row 2, column 1 holds NaN");
    byte[] large = Bytes.doubles(ByteOrder.BIG_ENDIAN, 0, 1e300, 0, 2);
    fails(Bytes.idx(0x0e, new int[] {2, 2}, large), labels, "row 1, column 2 holds Infinity");
  }

  @Test
  void absurdDimensionsAreErrorsAndNotMemory() {
    fails(Bytes.idx(new int[] {0, 2}), LABELS, "the dimensions are [0, 2]");
    fails(Bytes.idx(new int[] {-1, 2}), LABELS, "the dimensions are [-1, 2]");
    fails(Bytes.idx(new int[] {1, 70000, 70000}), LABELS, "expected fewer than");
    fails(Bytes.idx(new int[] {2_000_000_000, 784}), LABELS, "truncated at byte 12");
  }
}
