/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads TensorBoard event files by the published rules, sharing nothing with what writes them. */
final class EventReader {

  /** An event; values by tag. */
  record Event(double wallTime, long step, String fileVersion, Map<String, Float> values) {}

  private EventReader() {}

  static List<Event> read(byte[] file) {
    ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    List<Event> events = new ArrayList<>();
    while (in.hasRemaining()) {
      byte[] length = new byte[8];
      in.get(length);
      assertEquals(masked(length), in.getInt(), "checksum of a length");
      byte[] data = new byte[(int) ByteBuffer.wrap(length).order(in.order()).getLong()];
      in.get(data);
      assertEquals(masked(data), in.getInt(), "checksum of data");
      events.add(event(ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN)));
    }
    return events;
  }

  /** CRC-32C bit by bit (Castagnoli polynomial, reflected), then TFRecord's mask. */
  private static int masked(byte[] data) {
    int crc = -1;
    for (byte b : data) {
      crc ^= b & 0xff;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc & 1) == 0 ? crc >>> 1 : crc >>> 1 ^ 0x82F63B78;
      }
    }
    crc = ~crc;
    return (crc >>> 15 | crc << 17) + 0xa282ead8;
  }

  private static Event event(ByteBuffer in) {
    double wallTime = 0;
    long step = 0;
    String version = null;
    Map<String, Float> values = new LinkedHashMap<>();
    while (in.hasRemaining()) {
      long key = varint(in);
      switch ((int) key) {
        case 1 << 3 | 1 -> wallTime = in.getDouble();
        case 2 << 3 -> step = varint(in);
        case 3 << 3 | 2 -> version = text(in);
        case 5 << 3 | 2 -> summary(bytes(in), values);
        default -> throw new AssertionError("field " + (key >> 3) + " of type " + (key & 7));
      }
    }
    return new Event(wallTime, step, version, values);
  }

  private static void summary(ByteBuffer in, Map<String, Float> values) {
    while (in.hasRemaining()) {
      assertEquals(1 << 3 | 2, varint(in), "a summary holds values only");
      ByteBuffer value = bytes(in);
      assertEquals(1 << 3 | 2, varint(value), "tag first");
      String tag = text(value);
      assertEquals(2 << 3 | 5, varint(value), "then a float");
      values.put(tag, value.getFloat());
    }
  }

  private static ByteBuffer bytes(ByteBuffer in) {
    int length = (int) varint(in);
    ByteBuffer part = in.slice(in.position(), length).order(ByteOrder.LITTLE_ENDIAN);
    in.position(in.position() + length);
    return part;
  }

  private static String text(ByteBuffer in) {
    return StandardCharsets.UTF_8.decode(bytes(in)).toString();
  }

  private static long varint(ByteBuffer in) {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte b = in.get();
      value |= (long) (b & 0x7f) << shift;
      if (b >= 0) {
        return value;
      }
    }
  }
}
