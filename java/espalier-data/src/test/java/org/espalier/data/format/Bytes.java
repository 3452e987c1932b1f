/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data.format;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;

/** Builds the content of small data files. */
public final class Bytes {

  private Bytes() {}

  /** Returns an IDX file of a type with a big-endian body. */
  public static byte[] idx(int type, int[] dimensions, byte... body) {
    ByteBuffer out = ByteBuffer.allocate(4 + 4 * dimensions.length + body.length);
    out.put((byte) 0).put((byte) 0).put((byte) type).put((byte) dimensions.length);
    for (int dimension : dimensions) {
      out.putInt(dimension);
    }
    return out.put(body).array();
  }

  /** Returns an IDX file of unsigned bytes. */
  public static byte[] idx(int[] dimensions, int... body) {
    return idx(0x08, dimensions, bytes(body));
  }

  /** Returns an NPY file of version 1 with a little-endian body. */
  public static byte[] npy(String type, String shape, byte... body) {
    return npy(
        1, "{'descr': '" + type + "', 'fortran_order': False, 'shape': " + shape + ", }", body);
  }

  /** Returns an NPY file. */
  public static byte[] npy(int version, String header, byte... body) {
    byte[] text = (header + "\n").getBytes(StandardCharsets.ISO_8859_1);
    ByteBuffer out = ByteBuffer.allocate(12 + text.length + body.length);
    out.order(ByteOrder.LITTLE_ENDIAN);
    out.put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.US_ASCII));
    out.put((byte) version).put((byte) 0);
    if (version == 1) {
      out.putShort((short) text.length);
    } else {
      out.putInt(text.length);
    }
    out.put(text).put(body);
    byte[] file = new byte[out.position()];
    out.flip();
    out.get(file);
    return file;
  }

  /** Returns floats as bytes. */
  public static byte[] floats(ByteOrder order, float... values) {
    ByteBuffer out = ByteBuffer.allocate(4 * values.length).order(order);
    out.asFloatBuffer().put(values);
    return out.array();
  }

  /** Returns doubles as bytes. */
  public static byte[] doubles(ByteOrder order, double... values) {
    ByteBuffer out = ByteBuffer.allocate(8 * values.length).order(order);
    out.asDoubleBuffer().put(values);
    return out.array();
  }

  /** Returns 32-bit integers as bytes. */
  public static byte[] ints(ByteOrder order, int... values) {
    ByteBuffer out = ByteBuffer.allocate(4 * values.length).order(order);
    out.asIntBuffer().put(values);
    return out.array();
  }

  /** Returns 64-bit integers as bytes. */
  public static byte[] longs(ByteOrder order, long... values) {
    ByteBuffer out = ByteBuffer.allocate(8 * values.length).order(order);
    out.asLongBuffer().put(values);
    return out.array();
  }

  /** Returns the low bytes of integers. */
  public static byte[] bytes(int... values) {
    byte[] out = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      out[i] = (byte) values[i];
    }
    return out;
  }

  /** Returns text as bytes. */
  public static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Returns bytes packed by gzip. */
  public static byte[] gzip(byte[] plain) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(plain);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return packed.toByteArray();
  }

  /** Writes a file, and the folders above it; returns it. */
  public static Path write(Path file, byte[] content) {
    try {
      Files.createDirectories(file.getParent());
      return Files.write(file, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
