/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.train;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UTFDataFormatException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;
import org.espalier.UserException;

/**
 * A {@link State} in a file: eight bytes of magic, a version, the number of values, each value as
 * name, type, length and big-endian data, and a CRC-32C of all that. Replaces the file before in
 * one step, so a crash leaves the old one or the new one.
 */
public final class StateFile {

  /** Version this code writes and the only one it reads. */
  public static final int VERSION = 1;

  private static final byte[] MAGIC = {'E', 'S', 'P', 'A', 'L', 'I', 'E', 'R'};
  private static final int BLOCK = 1 << 14;

  private StateFile() {}

  /** Writes a state; the folder must exist. */
  public static void write(Path file, State state) throws IOException {
    AtomicFile.write(file, out -> write(out, state));
  }

  private static void write(OutputStream raw, State state) throws IOException {
    CheckedOutputStream checked =
        new CheckedOutputStream(new BufferedOutputStream(raw, 1 << 16), new CRC32C());
    DataOutputStream out = new DataOutputStream(checked);
    out.write(MAGIC);
    out.writeInt(VERSION);
    out.writeInt(state.values().size());
    for (Map.Entry<String, Object> entry : state.values().entrySet()) {
      out.writeUTF(entry.getKey());
      writeValue(out, entry.getValue());
    }
    out.writeLong(checked.getChecksum().getValue());
    out.flush();
  }

  private static void writeValue(DataOutputStream out, Object value) throws IOException {
    ByteBuffer block = ByteBuffer.allocate(4 * BLOCK);
    if (value instanceof float[] floats) {
      out.writeByte('F');
      out.writeInt(floats.length);
      for (int at = 0; at < floats.length; at += BLOCK) {
        int count = Math.min(BLOCK, floats.length - at);
        block.asFloatBuffer().put(floats, at, count);
        out.write(block.array(), 0, 4 * count);
      }
    } else if (value instanceof int[] ints) {
      out.writeByte('I');
      out.writeInt(ints.length);
      for (int at = 0; at < ints.length; at += BLOCK) {
        int count = Math.min(BLOCK, ints.length - at);
        block.asIntBuffer().put(ints, at, count);
        out.write(block.array(), 0, 4 * count);
      }
    } else if (value instanceof Long number) {
      out.writeByte('L');
      out.writeLong(number);
    } else if (value instanceof Double number) {
      out.writeByte('D');
      out.writeDouble(number);
    } else {
      byte[] text = ((String) value).getBytes(StandardCharsets.UTF_8);
      out.writeByte('S');
      out.writeInt(text.length);
      out.write(text);
    }
  }

  /**
   * Reads a state.
   *
   * @throws UserException if the file is missing, cut short, damaged or of another version
   */
  public static State read(Path file) throws IOException {
    long size;
    try {
      size = Files.size(file);
    } catch (NoSuchFileException missing) {
      throw new UserException("%s: there is no such file.".formatted(file), missing);
    }
    try (InputStream raw = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
      CheckedInputStream checked = new CheckedInputStream(raw, new CRC32C());
      DataInputStream in = new DataInputStream(checked);
      byte[] magic = in.readNBytes(MAGIC.length);
      if (!Arrays.equals(magic, MAGIC)) {
        throw new UserException("%s is not an Espalier checkpoint.".formatted(file));
      }
      int version = in.readInt();
      if (version != VERSION) {
        throw new UserException(
            "%s is a checkpoint of version %d; expected version %d."
                .formatted(file, version, VERSION));
      }
      State state = new State(file.toString());
      int count = in.readInt();
      for (int i = 0; i < count; i++) {
        readValue(in, in.readUTF(), state, size);
      }
      long sum = checked.getChecksum().getValue();
      if (in.readLong() != sum || in.read() >= 0) {
        throw damaged(file, null);
      }
      return state;
    } catch (EOFException | UTFDataFormatException cause) {
      throw damaged(file, cause);
    }
  }

  private static UserException damaged(Path file, Exception cause) {
    return new UserException(
        "%s is cut short or damaged; expected a complete checkpoint.".formatted(file), cause);
  }

  private static void readValue(DataInputStream in, String name, State state, long fileSize)
      throws IOException {
    switch (in.readByte()) {
      case 'F' -> state.put(name, readFloats(in, length(in, 4, fileSize)));
      case 'I' -> state.put(name, readInts(in, length(in, 4, fileSize)));
      case 'L' -> state.put(name, in.readLong());
      case 'D' -> state.put(name, in.readDouble());
      case 'S' -> {
        byte[] text = new byte[length(in, 1, fileSize)];
        in.readFully(text);
        state.put(name, new String(text, StandardCharsets.UTF_8));
      }
      default -> throw new UTFDataFormatException("unknown type of value " + name);
    }
  }

  /** A damaged length must not make us allocate more than the file can hold. */
  private static int length(DataInputStream in, int bytes, long fileSize) throws IOException {
    int length = in.readInt();
    if (length < 0 || (long) length * bytes > fileSize) {
      throw new EOFException();
    }
    return length;
  }

  private static float[] readFloats(DataInputStream in, int length) throws IOException {
    float[] floats = new float[length];
    ByteBuffer block = ByteBuffer.allocate(4 * BLOCK);
    for (int at = 0; at < length; at += BLOCK) {
      int count = Math.min(BLOCK, length - at);
      in.readFully(block.array(), 0, 4 * count);
      block.asFloatBuffer().get(floats, at, count);
    }
    return floats;
  }

  private static int[] readInts(DataInputStream in, int length) throws IOException {
    int[] ints = new int[length];
    ByteBuffer block = ByteBuffer.allocate(4 * BLOCK);
    for (int at = 0; at < length; at += BLOCK) {
      int count = Math.min(BLOCK, length - at);
      in.readFully(block.array(), 0, 4 * count);
      block.asIntBuffer().get(ints, at, count);
    }
    return ints;
  }
}
