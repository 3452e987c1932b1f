/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.espalier.UserException;
import org.espalier.data.table.Contents;
import org.espalier.data.table.ImageShape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CifarReaderTest {

  @TempDir private Path folder;

  private static byte[] records(int labelBytes, int... labels) {
    byte[] out = new byte[labels.length * (labelBytes + 3072)];
    for (int r = 0; r < labels.length; r++) {
      int base = r * (labelBytes + 3072);
      out[base] = 19;
      out[base + labelBytes - 1] = (byte) labels[r];
      for (int f = 0; f < 3072; f++) {
        out[base + labelBytes + f] = (byte) (r * 31 + f * 7);
      }
    }
    return out;
  }

  private DataFile file(String name, byte[] content) {
    return DataFile.of(Bytes.write(folder.resolve(name), content));
  }

  private static Part read(Format format, DataFile... files) {
    return format.read(List.of(files), Optional.empty(), CsvOptions.DEFAULT, LabelRange.ANY);
  }

  @Test
  void batchesOfCifar10AreReadOneAfterTheOther() {
    Part part =
        read(Format.CIFAR10, file("b1", records(1, 3, 9)), file("b2", Bytes.gzip(records(1, 0))));
    assertArrayEquals(new int[] {3, 9, 0}, part.labels());
    assertEquals(Optional.of(new ImageShape(32, 32, 3)), part.shape());
    float[][] rows = Contents.rows(part.features());
    assertEquals((31 + 7 * 100) & 0xff, rows[1][100]);
    assertEquals((7 * 3071) & 0xff, rows[2][3071]);
    assertEquals(2, part.sha256().size());
  }

  @Test
  void cifar100TakesTheFineLabel() {
    Part part = read(Format.CIFAR100, file("train.bin", records(2, 99, 5)));
    assertArrayEquals(new int[] {99, 5}, part.labels());
    assertEquals(7, Contents.rows(part.features())[0][1]);
  }

  @Test
  void labelOutOfRangeTellsTheByte() {
    DataFile batch = file("b1", records(1, 3, 10));
    UserException e = assertThrows(UserException.class, () -> read(Format.CIFAR10, batch));
    assertTrue(
        e.getMessage()
            .endsWith("b1: byte 3073 holds label 10, expected a whole number from 0 to 9."),
        e.getMessage());
  }

  @Test
  void truncatedBatchTellsTheByte() {
    DataFile batch = file("b1", Arrays.copyOf(records(1, 3, 4), 5000));
    UserException e = assertThrows(UserException.class, () -> read(Format.CIFAR10, batch));
    assertTrue(e.getMessage().contains("b1: truncated at byte 5000"), e.getMessage());
  }

  @Test
  void emptyBatchIsAnError() {
    DataFile batch = file("b1", new byte[0]);
    UserException e = assertThrows(UserException.class, () -> read(Format.CIFAR10, batch));
    assertTrue(e.getMessage().endsWith("b1: the file is empty."), e.getMessage());
  }
}
