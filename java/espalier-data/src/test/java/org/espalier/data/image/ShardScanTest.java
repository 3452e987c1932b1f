/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.espalier.UserException;
import org.espalier.data.format.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShardScanTest {

  private static final int MOST = 1 << 20;

  @TempDir private Path root;

  private ImageFiles scan(byte[] shard) {
    Path file = root.resolve("s.tar");
    Bytes.write(file, shard);
    return ShardScan.scan(List.of(file));
  }

  private String failure(byte[] shard) {
    return assertThrows(UserException.class, () -> scan(shard))
        .getMessage()
        .replace(root.toString(), "");
  }

  @Test
  void imagesAndLabelsWithTheSameKeyBelongTogether() {
    byte[] first = {1, 2, 3};
    byte[] second = new byte[5000];
    Arrays.fill(second, (byte) 7);
    ImageFiles images =
        scan(
            new Tars()
                .folder("a/")
                .text("a/0001.cls", "12\n")
                .file("a/0001.JPG", first)
                .text("a/0001.json", "{}")
                .file("b.x/0001.png", second)
                .text("b.x/0001.cls", "cat")
                .end());
    assertEquals(2, images.size());
    assertEquals(List.of("12", "cat"), images.classes());
    assertEquals("cat", images.label(1));
    assertArrayEquals(first, images.read(0, MOST));
    assertArrayEquals(second, images.read(1, MOST));
    assertEquals(root.resolve("s.tar") + "!b.x/0001.png", images.name(1));
    assertEquals("s.tar!a/0001.JPG", images.shortName(0));
  }

  @Test
  void longNamesOfAllKindsAreKept() {
    String name = "x/".repeat(120) + "ümlaut";
    byte[] content = {9};
    Tars shard = new Tars();
    shard.pax(name + "1.jpg", content).pax(name + "1.cls", Bytes.text("0"));
    shard.gnu(name + "2.jpg", content).gnu(name + "2.cls", Bytes.text("1"));
    String prefix = "p".repeat(150);
    shard.ustar(prefix, "3.jpg", content).ustar(prefix, "3.cls", Bytes.text("2"));
    shard.file("4.jpg", content).text("4.cls", "3");
    ImageFiles images = scan(shard.end());
    assertEquals(4, images.size());
    assertEquals("s.tar!" + name + "1.jpg", images.shortName(0));
    assertEquals("s.tar!" + name + "2.jpg", images.shortName(1));
    assertEquals("s.tar!" + prefix + "/3.jpg", images.shortName(2));
    assertEquals("s.tar!4.jpg", images.shortName(3));
    assertEquals("3", images.label(3));
    assertArrayEquals(content, images.read(2, MOST));
  }

  @Test
  void sizesInBase256AreRead() {
    Tars shard = new Tars();
    byte[] zeros = new byte[300];
    shard.entry("1.png", "", '0', "\u0000".repeat(11), zeros);
    byte[] bytes = shard.text("1.cls", "5").end();
    bytes[124] = (byte) 0x80;
    bytes[134] = 1;
    bytes[135] = 300 - 256;
    int sum = 8 * ' ';
    for (int i = 0; i < 512; i++) {
      sum += i >= 148 && i < 156 ? 0 : bytes[i] & 0xff;
    }
    byte[] digits = Bytes.text("%06o\0 ".formatted(sum));
    System.arraycopy(digits, 0, bytes, 148, 8);
    assertEquals(300, scan(bytes).length(0));
  }

  @Test
  void imagesWithoutLabelOrWithTwoAreErrors() {
    byte[] none = {};
    assertEquals(
        "/s.tar!a/1.jpg: there is no label; expected a file a/1.cls beside it.",
        failure(new Tars().file("a/1.jpg", none).end()));
    assertEquals(
        "/s.tar: 1.jpg and 1.png are images of the same sample; expected one.",
        failure(new Tars().file("1.jpg", none).file("1.png", none).text("1.cls", "0").end()));
  }

  @Test
  void whatIsNoTarFileIsSaidSo() {
    assertEquals(
        "/s.tar: there is no tar header at byte 0, expected an uncompressed tar file.",
        failure(Bytes.text("x".repeat(600))));
    assertEquals("/s.tar: truncated at byte 10, expected 502 more.", failure(new byte[10]));
    byte[] sound = new Tars().file("1.jpg", new byte[900]).text("1.cls", "0").end();
    assertEquals(
        "/s.tar: the shard is compressed; expected a plain tar file, unpack it with gunzip.",
        failure(Bytes.gzip(sound)));
    assertEquals(
        "/s.tar: truncated at byte 1000, expected 412 more for 1.jpg.",
        failure(Arrays.copyOf(sound, 1000)));
  }

  @Test
  void patternsNameManyShards() {
    assertTrue(ShardNames.isPattern("a-{00..02}.tar"));
    assertTrue(ShardNames.isPattern("a.tar::b.tar"));
    assertFalse(ShardNames.isPattern("a.tar"));
    assertFalse(ShardNames.isPattern("a-{00..02}"));
    assertEquals(List.of("a-08.tar", "a-09.tar", "a-10.tar"), ShardNames.expand("a-{08..10}.tar"));
    assertEquals(
        List.of("train-0.tar", "train-1.tar", "val-0.tar", "val-1.tar", "x.tar"),
        ShardNames.expand("{train,val}-{0..1}.tar::x.tar"));
    assertThrows(UserException.class, () -> ShardNames.expand("a-{3..1}.tar"));
    assertThrows(UserException.class, () -> ShardNames.expand("a-{1.tar"));
    assertThrows(UserException.class, () -> ShardNames.expand("{0..999999999}.tar"));
  }
}
