/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data.format;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Hands out the lines of a text file as ranges of a buffer, so that no string is made of them. For
 * one thread.
 */
final class LineReader {

  private static final int LONGEST_LINE = 1 << 30;

  private final ByteReader in;
  private byte[] buffer = new byte[1 << 16];
  private int filled;
  private int next;
  private int start;
  private int end;
  private long number;

  LineReader(ByteReader in) {
    this.in = in;
  }

  /** Moves to the next line; returns whether there was one. */
  boolean next() {
    int scanned = next;
    while (true) {
      for (int i = scanned; i < filled; i++) {
        if (buffer[i] == '\n') {
          take(i, i + 1);
          return true;
        }
      }
      scanned = filled;
      if (next > 0) {
        System.arraycopy(buffer, next, buffer, 0, filled - next);
        scanned -= next;
        filled -= next;
        next = 0;
      } else if (filled == buffer.length) {
        if (buffer.length == LONGEST_LINE) {
          throw in.file()
              .error("row %d is longer than a gigabyte, expected a text file", number + 1);
        }
        buffer = Arrays.copyOf(buffer, 2 * buffer.length);
      }
      int count = in.read(buffer, filled, buffer.length - filled);
      if (count == 0) {
        if (filled == 0) {
          return false;
        }
        take(filled, filled);
        return true;
      }
      filled += count;
    }
  }

  private void take(int lineEnd, int nextLine) {
    start = next;
    end = lineEnd > start && buffer[lineEnd - 1] == '\r' ? lineEnd - 1 : lineEnd;
    next = nextLine;
    if (number++ == 0 && startsWithByteOrderMark()) {
      start += 3;
    }
  }

  private boolean startsWithByteOrderMark() {
    return end - start >= 3
        && buffer[start] == (byte) 0xef
        && buffer[start + 1] == (byte) 0xbb
        && buffer[start + 2] == (byte) 0xbf;
  }

  /** Returns the buffer that the line lies in, until the next line is asked for. */
  byte[] buffer() {
    return buffer;
  }

  /** Returns where the line starts in the buffer. */
  int start() {
    return start;
  }

  /** Returns where the line ends in the buffer, without its line break. */
  int end() {
    return end;
  }

  /** Returns the number of the line, from 1. */
  long number() {
    return number;
  }

  /** Returns whether the line holds nothing but blanks. */
  boolean isBlank() {
    return trimStart(start, end) == end;
  }

  /** Returns the first position in {@code [from, to)} that is no blank. */
  int trimStart(int from, int to) {
    int at = from;
    while (at < to && (buffer[at] == ' ' || buffer[at] == '\t')) {
      at++;
    }
    return at;
  }

  /** Returns the end of {@code [from, to)} without its blanks. */
  int trimEnd(int from, int to) {
    int at = to;
    while (at > from && (buffer[at - 1] == ' ' || buffer[at - 1] == '\t')) {
      at--;
    }
    return at;
  }

  /** Returns a range of the buffer as it is shown in a message: quoted, and short. */
  String quote(int from, int to) {
    if (from == to) {
      return "nothing";
    }
    int shown = Math.min(to, from + 30);
    String text = new String(buffer, from, shown - from, StandardCharsets.UTF_8);
    return '"' + text + (shown < to ? "..." : "") + '"';
  }
}
