/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.run;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * TensorBoard events as bytes: the few fields of TensorFlow's {@code Event} message (event.proto:
 * wall_time 1, step 2, file_version 3, summary 5; summary.proto: value 1 with tag 1 and
 * simple_value 2), each in a TFRecord (length, its checksum, data, its checksum; little endian).
 */
final class EventEncoder {

  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int BYTES = 2;
  private static final int FIXED32 = 5;

  private EventEncoder() {}

  /** Returns the record every event file begins with. */
  static byte[] fileVersion(double wallTime) {
    Message event = new Message();
    event.fixed64(1, Double.doubleToLongBits(wallTime));
    event.bytes(3, "brain.Event:2".getBytes(StandardCharsets.UTF_8));
    return record(event.toByteArray());
  }

  /** Returns a record with values of one step. */
  static byte[] scalars(double wallTime, long step, Map<String, Double> values) {
    Message summary = new Message();
    values.forEach(
        (tag, number) -> {
          Message value = new Message();
          value.bytes(1, tag.getBytes(StandardCharsets.UTF_8));
          value.fixed32(2, Float.floatToIntBits(number.floatValue()));
          summary.bytes(1, value.toByteArray());
        });
    Message event = new Message();
    event.fixed64(1, Double.doubleToLongBits(wallTime));
    event.varint(2, step);
    event.bytes(5, summary.toByteArray());
    return record(event.toByteArray());
  }

  private static byte[] record(byte[] data) {
    ByteBuffer record = ByteBuffer.allocate(data.length + 16).order(ByteOrder.LITTLE_ENDIAN);
    record.putLong(data.length);
    record.putInt(maskedChecksum(record.array(), 8));
    record.put(data);
    record.putInt(maskedChecksum(data, data.length));
    return record.array();
  }

  /** The mask keeps checksums of data that contains checksums from being special. */
  private static int maskedChecksum(byte[] data, int length) {
    CRC32C checksum = new CRC32C();
    checksum.update(data, 0, length);
    return Integer.rotateRight((int) checksum.getValue(), 15) + 0xa282ead8;
  }

  /** A protocol buffer message under construction. */
  private static final class Message {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    byte[] toByteArray() {
      return out.toByteArray();
    }

    void varint(int field, long value) {
      key(field, VARINT);
      raw(value);
    }

    void fixed64(int field, long value) {
      key(field, FIXED64);
      for (int shift = 0; shift < 64; shift += 8) {
        out.write((int) (value >>> shift));
      }
    }

    void fixed32(int field, int value) {
      key(field, FIXED32);
      for (int shift = 0; shift < 32; shift += 8) {
        out.write(value >>> shift);
      }
    }

    void bytes(int field, byte[] value) {
      key(field, BYTES);
      raw(value.length);
      out.writeBytes(value);
    }

    private void key(int field, int wireType) {
      raw((long) field << 3 | wireType);
    }

    private void raw(long value) {
      long rest = value;
      while ((rest & ~0x7fL) != 0) {
        out.write((int) (rest & 0x7f | 0x80));
        rest >>>= 7;
      }
      out.write((int) rest);
    }
  }
}
