/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data.image;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.espalier.UserException;

/**
 * Reads the headers of a tar file, one after the other, and skips what lies between: ustar (POSIX
 * 1003.1) with the long names of pax and of GNU tar. For one thread.
 */
final class TarReader implements Closeable {

  private static final int BLOCK = 512;
  private static final int LONGEST_NAME = 1 << 20;
  private static final int WINDOW = 1 << 14;

  private final Path path;
  private final RandomAccessFile file;
  private final long end;
  private final byte[] window = new byte[WINDOW];
  private long windowAt;
  private int windowLength;
  private long next;

  /**
   * A file inside.
   *
   * @param name its path
   * @param offset where its bytes begin
   * @param size how many they are
   */
  record Entry(String name, long offset, long size) {}

  /**
   * Opens a shard.
   *
   * @throws UserException if that cannot be done
   */
  TarReader(Path path) {
    this.path = path;
    try {
      this.file = new RandomAccessFile(path.toFile(), "r");
      this.end = file.length();
    } catch (IOException e) {
      throw new UserException(path + ": the shard cannot be opened.", e);
    }
  }

  /** Returns whether the shard begins as gzip files do. */
  private boolean isCompressed() {
    byte[] magic = bytes(0, 2);
    return magic[0] == 0x1f && magic[1] == (byte) 0x8b;
  }

  /**
   * Returns the next regular file, or nothing at the end.
   *
   * @throws UserException if the shard is no tar file, or is cut short
   */
  Optional<Entry> next() {
    Optional<String> longName = Optional.empty();
    long longSize = -1;
    if (next == 0 && end >= 2 && isCompressed()) {
      throw new UserException(
          path + ": the shard is compressed; expected a plain tar file, unpack it with gunzip.");
    }
    while (next < end) {
      byte[] header = bytes(next, BLOCK);
      if (isZero(header)) {
        return Optional.empty();
      }
      check(header);
      long offset = next + BLOCK;
      long size = number(header, 124, 12);
      byte type = header[156];
      if (longSize >= 0 && type != 'x') {
        size = longSize;
      }
      if (size > end - offset) {
        throw new UserException(
            "%s: truncated at byte %d, expected %d more for %s."
                .formatted(
                    path, end, size - (end - offset), longName.orElseGet(() -> name(header))));
      }
      next = offset + (size + BLOCK - 1) / BLOCK * BLOCK;
      switch (type) {
        case 'L' -> longName = Optional.of(upToZero(text(offset, size)));
        case 'x' -> {
          String records = text(offset, size);
          longName = paxValue(records, "path");
          longSize = paxValue(records, "size").map(value -> parse(value, offset)).orElse(-1L);
        }
        case 0, '0', '7' -> {
          return Optional.of(new Entry(longName.orElseGet(() -> name(header)), offset, size));
        }
        default -> {
          if (type != 'g' && type != 'K') { // those say nothing about names; anything else ends one
            longName = Optional.empty();
            longSize = -1;
          }
        }
      }
    }
    return Optional.empty();
  }

  /** Returns the text of an entry. */
  String text(Entry entry) {
    return text(entry.offset, entry.size);
  }

  private String text(long offset, long size) {
    if (size > LONGEST_NAME) {
      throw new UserException(
          "%s: byte %d begins a text of %d bytes, expected a name or label."
              .formatted(path, offset, size));
    }
    return new String(bytes(offset, (int) size), StandardCharsets.UTF_8);
  }

  private byte[] bytes(long offset, int count) {
    try {
      byte[] found = new byte[count];
      if (offset + count > end) {
        throw new UserException(
            "%s: truncated at byte %d, expected %d more."
                .formatted(path, end, offset + count - end));
      }
      if (count > WINDOW) {
        file.seek(offset);
        file.readFully(found);
        return found;
      }
      if (offset < windowAt || offset + count > windowAt + windowLength) {
        windowAt = offset;
        windowLength = (int) Math.min(WINDOW, end - offset);
        file.seek(offset);
        file.readFully(window, 0, windowLength);
      }
      System.arraycopy(window, (int) (offset - windowAt), found, 0, count);
      return found;
    } catch (IOException e) {
      throw new UserException(
          "%s: cannot be read at byte %d (%s).".formatted(path, offset, e.getMessage()), e);
    }
  }

  /** The checksum counts its own eight bytes as spaces. */
  private void check(byte[] header) {
    int sum = 8 * ' ';
    for (int i = 0; i < BLOCK; i++) {
      sum += i >= 148 && i < 156 ? 0 : header[i] & 0xff;
    }
    if (number(header, 148, 8) != sum) {
      throw new UserException(
          "%s: there is no tar header at byte %d, expected an uncompressed tar file."
              .formatted(path, next));
    }
  }

  private static boolean isZero(byte[] header) {
    for (byte b : header) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }

  private static String name(byte[] header) {
    String name = field(header, 0, 100);
    boolean ustar = field(header, 257, 6).equals("ustar");
    String prefix = ustar ? field(header, 345, 155) : "";
    return prefix.isEmpty() ? name : prefix + "/" + name;
  }

  private static String field(byte[] header, int at, int length) {
    return upToZero(new String(header, at, length, StandardCharsets.UTF_8));
  }

  private static String upToZero(String text) {
    int zero = text.indexOf('\0');
    return zero < 0 ? text : text.substring(0, zero);
  }

  /** A number in octal digits, or in base 256 if its first bit is set. */
  private long number(byte[] header, int at, int length) {
    if ((header[at] & 0x80) != 0) {
      long value = header[at] & 0x3f;
      for (int i = 1; i < length; i++) {
        value = value << 8 | header[at + i] & 0xff;
      }
      return value < 0 ? Long.MAX_VALUE / 2 : value;
    }
    long value = 0;
    for (int i = 0; i < length; i++) {
      int digit = header[at + i] - '0';
      if (digit >= 0 && digit < 8) {
        value = 8 * value + digit;
      }
    }
    return value;
  }

  /** Finds {@code "length key=value\n"}. */
  private static Optional<String> paxValue(String records, String key) {
    for (String line : records.split("\n")) {
      int space = line.indexOf(' ');
      if (line.startsWith(key + "=", space + 1)) {
        return Optional.of(line.substring(space + key.length() + 2));
      }
    }
    return Optional.empty();
  }

  private long parse(String value, long offset) {
    try {
      return Long.parseLong(value.strip());
    } catch (NumberFormatException e) {
      throw new UserException(
          "%s: the size \"%s\" after byte %d is no number.".formatted(path, value, offset), e);
    }
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      throw new UserException(path + ": the shard cannot be closed.", e);
    }
  }
}
