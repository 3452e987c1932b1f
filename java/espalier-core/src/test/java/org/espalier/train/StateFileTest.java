/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.espalier.UserException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateFileTest {

  @TempDir Path folder;

  private static State example() {
    State state = new State("example");
    float[] floats = new float[40_000];
    int[] ints = new int[20_000];
    Arrays.setAll(ints, i -> i * 7919);
    for (int i = 0; i < floats.length; i++) {
      floats[i] = Float.intBitsToFloat(i * 7919 + 1);
    }
    state.put("text", "gr\u00fc\u00df dich");
    state.put("large", floats);
    state.put("columns", ints);
    state.put("nothing", new float[0]);
    state.put("none", new int[0]);
    state.put("special", new float[] {Float.NaN, -0f, Float.POSITIVE_INFINITY, Float.MIN_VALUE});
    state.put("count", Long.MIN_VALUE);
    state.put("number", Double.MIN_VALUE);
    return state;
  }

  private static State small() {
    State state = new State("small");
    state.put("a", new float[] {1, 2, 3});
    state.put("b", new int[] {4, 5});
    state.put("c", 6L);
    state.put("d", 7.5);
    state.put("e", "eight");
    return state;
  }

  private static List<String> texts(State state) {
    List<String> texts = new ArrayList<>();
    state.values().forEach((name, value) -> texts.add(name + "=" + Runs.text(value)));
    return texts;
  }

  @Test
  void whatIsWrittenIsReadInTheSameOrder() throws IOException {
    Path file = folder.resolve("state");
    StateFile.write(file, example());
    State read = StateFile.read(file);
    assertEquals(texts(example()), texts(read));
    assertEquals(file.toString(), read.source());
    StateFile.write(file, small());
    assertEquals(texts(small()), texts(StateFile.read(file)));
    StateFile.write(file, new State("empty"));
    assertEquals(0, StateFile.read(file).values().size());
  }

  @Test
  void fileCutShortAnywhere() throws IOException {
    Path file = folder.resolve("state");
    StateFile.write(file, small());
    byte[] whole = Files.readAllBytes(file);
    for (int length = 0; length < whole.length; length++) {
      refuse(Arrays.copyOf(whole, length), "cut to " + length);
    }
  }

  @Test
  void anyByteChanged() throws IOException {
    Path file = folder.resolve("state");
    StateFile.write(file, small());
    byte[] whole = Files.readAllBytes(file);
    for (int at = 0; at < whole.length; at++) {
      for (int change : new int[] {1, 0x80, 0x7f, 0xff}) {
        byte[] damaged = whole.clone();
        damaged[at] ^= (byte) change;
        refuse(damaged, "byte %d changed by %x".formatted(at, change));
      }
    }
  }

  @Test
  void bytesAfterTheEnd() throws IOException {
    Path file = folder.resolve("state");
    StateFile.write(file, small());
    byte[] whole = Files.readAllBytes(file);
    refuse(Arrays.copyOf(whole, whole.length + 1), "one byte more");
  }

  @Test
  void lengthsThatWouldNotFitIntoMemory() throws IOException {
    for (char type : new char[] {'F', 'I', 'S'}) {
      for (int length : new int[] {Integer.MAX_VALUE, 1 << 30, -1, Integer.MIN_VALUE}) {
        ByteBuffer bytes = ByteBuffer.allocate(64);
        bytes.put("ESPALIER".getBytes()).putInt(StateFile.VERSION).putInt(1);
        bytes.putShort((short) 1).put((byte) 'x').put((byte) type).putInt(length);
        refuse(bytes.array(), type + " of " + length);
      }
    }
  }

  @Test
  void otherVersionAndOtherKindOfFile() throws IOException {
    Path file = folder.resolve("state");
    StateFile.write(file, small());
    byte[] whole = Files.readAllBytes(file);
    ByteBuffer.wrap(whole).putInt(8, 2);
    String version = refuse(whole, "version 2");
    assertTrue(version.contains("version 2; expected version 1"), version);
    String kind = refuse("{\"recipe\": \"set-mlp\"}".getBytes(), "text");
    assertTrue(kind.contains("is not an Espalier checkpoint"), kind);
  }

  @Test
  void missingFile() {
    Path file = folder.resolve("no").resolve("state");
    UserException refused = assertThrows(UserException.class, () -> StateFile.read(file));
    assertEquals(file + ": there is no such file.", refused.getMessage());
  }

  /** Returns the one sentence. */
  private String refuse(byte[] content, String what) throws IOException {
    Path file = folder.resolve("damaged");
    Files.write(file, content);
    UserException refused = assertThrows(UserException.class, () -> StateFile.read(file), what);
    String message = refused.getMessage();
    assertTrue(message.startsWith(file.toString()), message);
    assertTrue(message.endsWith("."), message);
    assertTrue(message.indexOf('\n') < 0, message);
    return message;
  }

  @Test
  void valuesOfAnotherTypeOrLength() {
    State state = small();
    assertArrayEquals(new float[] {1, 2, 3}, state.floats("a", 3));
    assertEquals("eight", state.text("e"));
    assertTrue(state.has("a"));
    for (Runnable wrong :
        List.<Runnable>of(
            () -> state.floats("a", 4),
            () -> state.floats("b"),
            () -> state.ints("a"),
            () -> state.number("d"),
            () -> state.real("c"),
            () -> state.text("a"),
            () -> state.text("missing"))) {
      String message = assertThrows(UserException.class, wrong::run).getMessage();
      assertTrue(message.matches("small: '\\w+' .*; expected .*\\."), message);
    }
  }
}
