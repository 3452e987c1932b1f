/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.espalier.UserException;
import org.espalier.train.State;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsTest {

  @TempDir Path temp;
  private Path file;

  @BeforeEach
  void setUp() {
    file = temp.resolve("model.safetensors");
  }

  private static State state() {
    State state = new State("test");
    state.put("linear1.weight.row_start", new int[] {0, 2, 2, 3});
    state.put("linear1.weight.column", new int[] {0, 3, Integer.MAX_VALUE});
    state.put("linear1.weight.values", new float[] {1.5f, -0f, Float.NaN});
    state.put("linear2.weight", new float[] {1, 2, 3, 4, 5, 6});
    state.put("nothing", new float[0]);
    return state;
  }

  private void write() {
    Safetensors.write(
        file, state(), Map.of("linear2.weight", new int[] {2, 3}), Map.of("recipe", "a: \"ü\"\n"));
  }

  /** By the layout the format's authors publish; shares nothing with the code under test. */
  @Test
  void followsThePublishedLayoutByteByByte() throws IOException {
    write();
    byte[] bytes = Files.readAllBytes(file);
    long length = 0;
    for (int i = 7; i >= 0; i--) {
      length = length << 8 | bytes[i] & 0xff;
    }
    assertEquals(0, length % 8, "data begin at a multiple of eight");
    assertEquals('{', bytes[8], "a header begins with a brace");
    String json = new String(bytes, 8, (int) length, StandardCharsets.UTF_8);
    JsonNode header = new ObjectMapper().readTree(json);
    assertEquals("a: \"ü\"\n", header.get("__metadata__").get("recipe").textValue());

    int data = 8 + (int) length;
    byte[] covered = new byte[bytes.length - data];
    State expected = state();
    List<String> names = new ArrayList<>();
    header.fieldNames().forEachRemaining(names::add);
    names.remove("__metadata__");
    assertEquals(List.copyOf(expected.values().keySet()), names);
    for (String name : names) {
      JsonNode tensor = header.get(name);
      int begin = tensor.get("data_offsets").get(0).intValue();
      int end = tensor.get("data_offsets").get(1).intValue();
      int elements = 1;
      for (JsonNode dimension : tensor.get("shape")) {
        elements *= dimension.intValue();
      }
      assertEquals(4 * elements, end - begin, name);
      boolean floats = expected.values().get(name) instanceof float[];
      assertEquals(floats ? "F32" : "I32", tensor.get("dtype").textValue(), name);
      for (int i = 0; i < elements; i++) {
        int at = data + begin + 4 * i;
        int bits =
            bytes[at] & 0xff
                | (bytes[at + 1] & 0xff) << 8
                | (bytes[at + 2] & 0xff) << 16
                | bytes[at + 3] << 24;
        int wanted =
            floats ? Float.floatToRawIntBits(expected.floats(name)[i]) : expected.ints(name)[i];
        assertEquals(wanted, bits, name + "[" + i + "]");
      }
      for (int i = begin; i < end; i++) {
        covered[i]++;
      }
    }
    byte[] once = new byte[covered.length];
    Arrays.fill(once, (byte) 1);
    assertArrayEquals(once, covered, "every byte belongs to one tensor");
    assertEquals("[2,3]", header.get("linear2.weight").get("shape").toString());
    assertEquals("[4]", header.get("linear1.weight.row_start").get("shape").toString());
  }

  @Test
  void readsWhatItWrote() {
    write();
    State read = Safetensors.read(file);
    State expected = state();
    assertEquals(List.copyOf(expected.values().keySet()), List.copyOf(read.values().keySet()));
    assertArrayEquals(
        expected.floats("linear1.weight.values"), read.floats("linear1.weight.values"));
    assertArrayEquals(expected.ints("linear1.weight.column"), read.ints("linear1.weight.column"));
    assertEquals(Map.of("recipe", "a: \"ü\"\n"), Safetensors.metadata(file));
  }

  @ParameterizedTest
  @ValueSource(ints = {16383, 16384, 16385, 100_000})
  void arraysOfAnyLengthSurviveTheBlocksTheyAreWrittenIn(int length) {
    float[] floats = new float[length];
    int[] ints = new int[length];
    for (int i = 0; i < length; i++) {
      floats[i] = i * 0.5f;
      ints[i] = -i;
    }
    State state = new State("test");
    state.put("f", floats);
    state.put("i", ints);
    Safetensors.write(file, state, Map.of(), Map.of());
    assertArrayEquals(floats, Safetensors.read(file).floats("f"));
    assertArrayEquals(ints, Safetensors.read(file).ints("i"));
  }

  @Test
  void leavesTheOldFileIfTheNewOneCannotBeMade() {
    write();
    State broken = state();
    broken.put("epoch", 3L);
    assertThrows(UserException.class, () -> Safetensors.write(file, broken, Map.of(), Map.of()));
    assertEquals(5, Safetensors.read(file).values().size());
    assertFalse(Files.exists(temp.resolve("model.safetensors.part")));
  }

  @Test
  void aShapeMustHoldAsManyNumbersAsTheArray() {
    Map<String, int[]> shapes = Map.of("linear2.weight", new int[] {2, 4});
    assertThrows(
        IllegalArgumentException.class, () -> Safetensors.write(file, state(), shapes, Map.of()));
  }

  private String refusal() {
    String message = assertThrows(UserException.class, () -> Safetensors.read(file)).getMessage();
    assertTrue(message.startsWith(file.toString()), message);
    assertFalse(message.contains("\n"), message);
    return message;
  }

  @Test
  void everyLengthShortOfTheWholeIsRefused() throws IOException {
    write();
    byte[] whole = Files.readAllBytes(file);
    for (int length = 0; length < whole.length; length++) {
      Files.write(file, Arrays.copyOf(whole, length));
      refusal();
    }
    Files.write(file, Arrays.copyOf(whole, whole.length + 1));
    assertTrue(refusal().contains("1 bytes follow its last tensor"));
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 0, 1, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 40, 100})
  void aHeaderLengthThatCannotBeIsRefused(long length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN).putLong(length);
    Files.write(file, bytes.array());
    assertTrue(refusal().contains("claims a header of"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"a\":| is not JSON",
        "[1]| is not a JSON object",
        "{} x| is not JSON",
        "{\"a\":3}| is of type ''",
        "{\"a\":{\"dtype\":\"F16\",\"shape\":[4],\"data_offsets\":[0,8]}}| is of type 'F16'",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2]}}| not lists of whole numbers",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,8]}}| whole numbers",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2.5],\"data_offsets\":[0,8]}}| whole numbers",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,0]}}| not a range",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,8]}}| 3 elements in 8 bytes",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[99999999,99999999],\"data_offsets\":[0,8]}}| too many",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,16]}}| cut short",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}| begin at 4",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"b\":{\"dtype\":\"I32\",\"shape\":[1],\"data_offsets\":[4,8]}}| begin at 4",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}| is not JSON",
        "{\"__metadata__\":{\"a\":1}}| is not a text",
      })
  void aHeaderThatDoesNotFitItsDataIsRefused(String header, String why) throws IOException {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes = ByteBuffer.allocate(8 + json.length + 8).order(ByteOrder.LITTLE_ENDIAN);
    Files.write(file, bytes.putLong(json.length).put(json).array());
    String message = refusal();
    assertTrue(message.contains(why), message);
  }

  @Test
  void readsTensorsInWhateverOrderTheHeaderNamesThem() throws IOException {
    String header =
        "{\"b\":{\"dtype\":\"I32\",\"shape\":[],\"data_offsets\":[4,8]},"
            + "\"a\":{\"dtype\":\"F32\",\"shape\":[1,1],\"data_offsets\":[0,4]}}   ";
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes = ByteBuffer.allocate(8 + json.length + 8).order(ByteOrder.LITTLE_ENDIAN);
    Files.write(file, bytes.putLong(json.length).put(json).putFloat(2.5f).putInt(7).array());
    State state = Safetensors.read(file);
    assertArrayEquals(new float[] {2.5f}, state.floats("a"));
    assertArrayEquals(new int[] {7}, state.ints("b"));
  }

  @Test
  void aMissingFileIsNamed() {
    assertEquals(file + ": there is no such file.", refusal());
  }
}
