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
import org.espalier.data.table.ImageShape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NpyReaderTest {

  private static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;
  private static final byte[] X = Bytes.npy("<f4", "(2, 3)", Bytes.floats(LE, 1, 2, 3, 4, 5, 6.5f));
  private static final byte[] Y = Bytes.npy("<i8", "(2,)", Bytes.longs(LE, 1, 0));
  private static final float[][] ROWS = {{1, 2, 3}, {4, 5, 6.5f}};

  @TempDir private Path folder;

  private Part read(byte[] x, byte[] y) {
    Path features = Bytes.write(folder.resolve("X.npy"), x);
    Path labels = Bytes.write(folder.resolve("y.npy"), y);
    return NpyReader.read(DataFile.of(features), DataFile.of(labels), new LabelRange(3));
  }

  private void fails(byte[] x, byte[] y, String message) {
    UserException e = assertThrows(UserException.class, () -> read(x, y));
    assertTrue(e.getMessage().contains(message), e.getMessage());
  }

  @Test
  void arraysAreReadPlainAndPacked() {
    Part part = read(X, Y);
    assertArrayEquals(ROWS, Contents.rows(part.features()));
    assertArrayEquals(new int[] {1, 0}, part.labels());
    assertArrayEquals(ROWS, Contents.rows(read(Bytes.gzip(X), Bytes.gzip(Y)).features()));
  }

  @Test
  void allVersionsAndTypesAreRead() {
    byte[] doubles = Bytes.doubles(LE, 1, 2, 3, 4, 5, 6.5);
    String header = "{'shape': (2, 3), 'fortran_order': False, 'descr': '<f8'}";
    assertArrayEquals(ROWS, Contents.rows(read(Bytes.npy(2, header, doubles), Y).features()));
    assertArrayEquals(ROWS, Contents.rows(read(Bytes.npy(3, header, doubles), Y).features()));
    float[][] whole = {{1, 255}, {0, 7}};
    Part bytes = read(Bytes.npy("|u1", "(2, 2)", Bytes.bytes(1, 255, 0, 7)), Y);
    assertEquals(ByteTable.class, bytes.features().getClass());
    assertArrayEquals(whole, Contents.rows(bytes.features()));
    byte[] ints = Bytes.npy("<i4", "(2, 2)", Bytes.ints(LE, 1, 255, 0, 7));
    assertArrayEquals(whole, Contents.rows(read(ints, Y).features()));
    byte[] longs = Bytes.npy("<i8", "(2, 2)", Bytes.longs(LE, 1, 255, 0, 7));
    assertArrayEquals(whole, Contents.rows(read(longs, Y).features()));
    byte[] floatLabels = Bytes.npy("<f8", "(2,)", Bytes.doubles(LE, 2, 1));
    assertArrayEquals(new int[] {2, 1}, read(X, floatLabels).labels());
  }

  @Test
  void threeDimensionsAreImages() {
    Part part = read(Bytes.npy("|u1", "(2, 1, 2)", Bytes.bytes(1, 2, 3, 4)), Y);
    assertEquals(Optional.of(new ImageShape(1, 2, 1)), part.shape());
  }

  @Test
  void whatIsNoArrayIsAnError() {
    fails(Bytes.text("label,width\n"), Y, "X.npy: the file does not begin with \\x93NUMPY");
    byte[] version = X.clone();
    version[6] = 4;
    fails(version, Y, "X.npy: the NPY version is 4, expected 1, 2 or 3.");
    fails(Bytes.npy(1, "{'descr': '<f4'}"), Y, "the NPY header has no valid 'fortran_order'");
    fails(new byte[0], Y, "the file is empty");
  }

  @Test
  void otherLayoutsAreErrors() {
    fails(Bytes.npy(">f4", "(2, 3)"), Y, "the element type is >f4, expected |u1");
    String fortran = "{'descr': '<f4', 'fortran_order': True, 'shape': (2, 3)}";
    fails(Bytes.npy(1, fortran), Y, "the array is in Fortran order, expected C order");
    fails(Bytes.npy("<f4", "()", new byte[4]), Y, "the array is a single value");
    fails(Bytes.npy("<f4", "(4,)", new byte[16]), Y, "the array has one dimension");
    fails(Bytes.npy("<f4", "(99999999999, 2)"), Y, "the shape is (99999999999, 2)");
    fails(X, X, "y.npy: the array has 2 dimensions, expected 1");
  }

  @Test
  void truncatedAndLongerArraysAreErrors() {
    fails(Arrays.copyOf(X, X.length - 2), Y, "X.npy: truncated at byte");
    fails(Arrays.copyOf(X, X.length + 2), Y, "X.npy: data goes on after byte");
    fails(Arrays.copyOf(X, 20), Y, "for the NPY header");
  }

  @Test
  void labelsThatDoNotFitAreErrors() {
    fails(
        X,
        Bytes.npy("<i8", "(3,)", Bytes.longs(LE, 1, 0, 1)),
        "y.npy: the array has 3 labels, expected 2, one for each row of");
    fails(X, Bytes.npy("<i8", "(2,)", Bytes.longs(LE, 1, 3)), "y.npy: label 2 is 3, expected");
    fails(
        X, Bytes.npy("<f4", "(2,)", Bytes.floats(LE, 0.5f, 1)), "y.npy: label 1 is 0.5, expected");
    fails(X, Bytes.npy("<f4", "(2,)", Bytes.floats(LE, 1, Float.NaN)), "y.npy: label 2 is NaN");
  }

  @Test
  void valuesThatAreNotFiniteTellRowAndColumn() {
    byte[] x = Bytes.npy("<f4", "(2, 2)", Bytes.floats(LE, 1, 2, 3, Float.NEGATIVE_INFINITY));
    fails(x, Y, "X.npy: row 2, column 2 holds -Infinity, expected a finite");
  }
}
