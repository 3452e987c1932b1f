/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.run;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.espalier.UserException;
import org.espalier.train.AtomicFile;
import org.espalier.train.State;

/**
 * Named tensors in a file that Python's safetensors package opens: the length of the header as
 * eight bytes, the header as JSON, and the numbers of all tensors without gaps, all little endian.
 * Arrays of floats are F32, arrays of ints I32. Written and read in blocks, never copied whole.
 *
 * <p>A sparse weight {@code p} of shape outputs x inputs is three tensors: {@code p.row_start}
 * (outputs + 1), {@code p.column} and {@code p.values} (a number for each connection), the arrays
 * of SciPy's {@code csr_matrix}.
 */
public final class Safetensors {

  private static final int BLOCK = 1 << 14;

  private Safetensors() {}

  /**
   * Writes all arrays of a state; the file is there in full or not at all.
   *
   * @param state arrays only
   * @param shapes of the tensors that are not flat, such as {@code [outputs, inputs]}, by name
   * @param metadata what the file says about itself
   */
  public static void write(
      Path file, State state, Map<String, int[]> shapes, Map<String, String> metadata) {
    List<SafetensorsHeader.Entry> entries = new ArrayList<>();
    long at = 0;
    for (Map.Entry<String, Object> value : state.values().entrySet()) {
      String name = value.getKey();
      boolean floats = value.getValue() instanceof float[];
      int length = floats ? state.floats(name).length : state.ints(name).length;
      long[] shape = shape(name, shapes.get(name), length);
      long end = at + 4L * length;
      entries.add(new SafetensorsHeader.Entry(name, floats ? "F32" : "I32", shape, at, end));
      at = end;
    }
    byte[] header = new SafetensorsHeader(metadata, entries).toBytes();
    RunIo.writing(file, () -> AtomicFile.write(file, out -> write(out, header, state)));
  }

  private static long[] shape(String name, int[] given, int length) {
    if (given == null) {
      return new long[] {length};
    }
    long[] shape = new long[given.length];
    long product = 1;
    for (int d = 0; d < shape.length; d++) {
      shape[d] = given[d];
      product *= given[d];
    }
    if (product != length) {
      throw new IllegalArgumentException(
          "%s has %d numbers, its shape %d".formatted(name, length, product));
    }
    return shape;
  }

  private static void write(OutputStream out, byte[] header, State state) throws IOException {
    ByteBuffer block = ByteBuffer.allocate(4 * BLOCK).order(ByteOrder.LITTLE_ENDIAN);
    out.write(block.putLong(0, header.length).array(), 0, 8);
    out.write(header);
    for (Object value : state.values().values()) {
      if (value instanceof float[] floats) {
        for (int at = 0; at < floats.length; at += BLOCK) {
          int count = Math.min(BLOCK, floats.length - at);
          block.asFloatBuffer().put(floats, at, count);
          out.write(block.array(), 0, 4 * count);
        }
      } else {
        int[] ints = (int[]) value;
        for (int at = 0; at < ints.length; at += BLOCK) {
          int count = Math.min(BLOCK, ints.length - at);
          block.asIntBuffer().put(ints, at, count);
          out.write(block.array(), 0, 4 * count);
        }
      }
    }
  }

  /**
   * Reads all tensors.
   *
   * @throws UserException if the file is missing, damaged, or holds other types than F32 and I32
   */
  public static State read(Path file) {
    return open(file, (in, header) -> readTensors(file, in, header));
  }

  /**
   * Reads what the file says about itself.
   *
   * @throws UserException if the file is missing or its header damaged
   */
  public static Map<String, String> metadata(Path file) {
    return open(file, (in, header) -> new LinkedHashMap<>(header.metadata()));
  }

  private interface Body<T> {
    T read(DataInputStream in, SafetensorsHeader header) throws IOException;
  }

  private static <T> T open(Path file, Body<T> body) {
    return RunIo.reading(
        file,
        () -> {
          if (Files.isDirectory(file)) {
            throw new UserException("%s is a folder; expected a safetensors file.".formatted(file));
          }
          long size = Files.size(file);
          try (InputStream raw = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            DataInputStream in = new DataInputStream(raw);
            SafetensorsHeader header = SafetensorsHeader.read(in, size);
            return body.read(in, header);
          } catch (EOFException cut) {
            throw damaged(file, "it is cut short", cut);
          } catch (SafetensorsHeader.DamagedException damaged) {
            throw damaged(file, damaged.getMessage(), damaged);
          }
        });
  }

  private static UserException damaged(Path file, String what, Exception cause) {
    return new UserException(
        "%s is not a sound safetensors file: %s; expected a complete file of F32 and I32 tensors."
            .formatted(file, what),
        cause);
  }

  private static State readTensors(Path file, DataInputStream in, SafetensorsHeader header)
      throws IOException {
    State state = new State(file.toString());
    ByteBuffer block = ByteBuffer.allocate(4 * BLOCK).order(ByteOrder.LITTLE_ENDIAN);
    for (SafetensorsHeader.Entry entry : header.entries()) {
      int length = Math.toIntExact((entry.end() - entry.begin()) / 4);
      if (entry.type().equals("F32")) {
        state.put(entry.name(), readFloats(in, new float[length], block));
      } else {
        state.put(entry.name(), readInts(in, new int[length], block));
      }
    }
    return state;
  }

  private static float[] readFloats(DataInputStream in, float[] floats, ByteBuffer block)
      throws IOException {
    for (int at = 0; at < floats.length; at += BLOCK) {
      int count = Math.min(BLOCK, floats.length - at);
      in.readFully(block.array(), 0, 4 * count);
      block.asFloatBuffer().get(floats, at, count);
    }
    return floats;
  }

  private static int[] readInts(DataInputStream in, int[] ints, ByteBuffer block)
      throws IOException {
    for (int at = 0; at < ints.length; at += BLOCK) {
      int count = Math.min(BLOCK, ints.length - at);
      in.readFully(block.array(), 0, 4 * count);
      block.asIntBuffer().get(ints, at, count);
    }
    return ints;
  }
}
