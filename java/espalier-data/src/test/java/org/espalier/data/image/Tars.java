/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data.image;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes tar files, entry by entry. */
public final class Tars {

  private static final int BLOCK = 512;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** Begins an empty one. */
  public Tars() {}

  /** Adds a file. */
  public Tars file(String name, byte[] content) {
    return entry(name, "", '0', Long.toOctalString(content.length), content);
  }

  /** Adds a text. */
  public Tars text(String name, String content) {
    return file(name, content.getBytes(StandardCharsets.UTF_8));
  }

  /** Adds a file whose name is in two parts, as ustar has it. */
  Tars ustar(String prefix, String name, byte[] content) {
    return entry(name, prefix, '0', Long.toOctalString(content.length), content);
  }

  /** Adds a file with pax records before it. */
  Tars pax(String name, byte[] content) {
    String record = "000 path=" + name + "\n";
    int length = record.getBytes(StandardCharsets.UTF_8).length;
    String records =
        "30 mtime=1700000000.123456789\n" + "%03d".formatted(length) + record.substring(3);
    byte[] bytes = records.getBytes(StandardCharsets.UTF_8);
    entry("PaxHeaders/x", "", 'x', Long.toOctalString(bytes.length), bytes);
    return file("cut", content);
  }

  /** Adds a file with a long name as GNU tar writes it. */
  Tars gnu(String name, byte[] content) {
    byte[] bytes = (name + "\0").getBytes(StandardCharsets.UTF_8);
    entry("././@LongLink", "", 'L', Long.toOctalString(bytes.length), bytes);
    return file("cut", content);
  }

  /** Adds a folder. */
  Tars folder(String name) {
    return entry(name, "", '5', "0", new byte[0]);
  }

  Tars entry(String name, String prefix, char type, String size, byte[] content) {
    byte[] header = new byte[BLOCK];
    put(header, 0, name);
    put(header, 100, "0000644");
    put(header, 124, "0".repeat(Math.max(0, 11 - size.length())) + size);
    header[156] = (byte) type;
    put(header, 257, "ustar");
    put(header, 263, "00");
    put(header, 345, prefix);
    Arrays.fill(header, 148, 156, (byte) ' ');
    int sum = 0;
    for (byte b : header) {
      sum += b & 0xff;
    }
    put(header, 148, "%06o\0 ".formatted(sum));
    out.writeBytes(header);
    out.writeBytes(content);
    out.writeBytes(new byte[Math.floorMod(-content.length, BLOCK)]);
    return this;
  }

  private static void put(byte[] header, int at, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    System.arraycopy(bytes, 0, header, at, bytes.length);
  }

  /** Returns the file with its end. */
  public byte[] end() {
    out.writeBytes(new byte[2 * BLOCK]);
    return out.toByteArray();
  }
}
