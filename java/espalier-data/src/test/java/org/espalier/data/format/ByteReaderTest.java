/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.espalier.UserException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ByteReaderTest {

  private static final byte[] CONTENT = new byte[200_000];

  static {
    new Random(7).nextBytes(CONTENT);
  }

  @TempDir private Path folder;

  private byte[] readAll(String name, byte[] stored) {
    Path path = Bytes.write(folder.resolve(name), stored);
    try (ByteReader in = ByteReader.open(DataFile.of(path))) {
      byte[] out = new byte[CONTENT.length];
      in.readFully(out, 0, out.length, "the content");
      in.expectEnd("the content");
      assertEquals(CONTENT.length, in.offset());
      return out;
    }
  }

  private String failure(String name, byte[] stored) {
    return assertThrows(UserException.class, () -> readAll(name, stored)).getMessage();
  }

  @Test
  void gzipIsToldByContentAndNotByName() {
    assertArrayEquals(CONTENT, readAll("plain.gz", CONTENT));
    assertArrayEquals(CONTENT, readAll("packed.bin", Bytes.gzip(CONTENT)));
  }

  @Test
  void checksumIsOfTheUnpackedContent() {
    byte[] abc = Bytes.text("abc");
    for (byte[] stored : new byte[][] {abc, Bytes.gzip(abc)}) {
      Path path = Bytes.write(folder.resolve("abc"), stored);
      try (ByteReader in = ByteReader.open(DataFile.of(path))) {
        assertEquals(3, in.read(new byte[10], 0, 10));
        assertEquals(0, in.read(new byte[10], 0, 10));
        assertEquals(
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", in.sha256());
      }
    }
  }

  @Test
  void missingFileIsNamed() {
    Path path = folder.resolve("none.bin");
    UserException e =
        assertThrows(UserException.class, () -> ByteReader.open(DataFile.of(path)).close());
    assertEquals(path + ": there is no such file.", e.getMessage());
  }

  @Test
  void folderInPlaceOfFileIsNamed() {
    UserException e =
        assertThrows(UserException.class, () -> ByteReader.open(DataFile.of(folder)).close());
    assertTrue(e.getMessage().startsWith(folder + ": cannot be read"), e.getMessage());
  }

  @Test
  void emptyFileIsSaidToBeEmpty() {
    assertTrue(failure("empty", new byte[0]).endsWith("empty: the file is empty."));
    assertTrue(failure("empty.gz", Bytes.gzip(new byte[0])).endsWith("the file is empty."));
  }

  @Test
  void truncatedPlainFileTellsTheByte() {
    String message = failure("short", Arrays.copyOf(CONTENT, 1000));
    assertTrue(message.contains("short: truncated at byte 1000, expected 199000 more"), message);
  }

  @Test
  void truncatedGzipTellsTheByte() {
    byte[] packed = Bytes.gzip(CONTENT);
    String message = failure("short.gz", Arrays.copyOf(packed, packed.length / 2));
    assertTrue(message.contains("short.gz: truncated at byte"), message);
    assertTrue(message.contains("expected more compressed data"), message);
    message = failure("header.gz", Arrays.copyOf(packed, 5));
    assertTrue(message.contains("truncated at byte 0"), message);
  }

  @Test
  void corruptGzipIsToldFromTruncated() {
    byte[] packed = Bytes.gzip(CONTENT);
    packed[packed.length - 6] ^= 1;
    assertTrue(failure("crc.gz", packed).contains("crc.gz: corrupt gzip data"));
    byte[] method = Bytes.gzip(CONTENT);
    method[2] = 99;
    assertTrue(failure("method.gz", method).contains("method.gz: corrupt gzip data at byte 0"));
  }

  @Test
  void dataAfterTheEndIsAnError() {
    String message = failure("long", Arrays.copyOf(CONTENT, CONTENT.length + 1));
    assertTrue(message.contains("long: data goes on after byte 200000"), message);
  }
}
