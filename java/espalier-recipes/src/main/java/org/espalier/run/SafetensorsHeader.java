/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The header of a safetensors file.
 *
 * @param metadata what the file says about itself
 * @param entries the tensors in the order of their data, without gaps
 */
record SafetensorsHeader(Map<String, String> metadata, List<Entry> entries) {

  private static final String METADATA = "__metadata__";

  /** The limit of the reference implementation. */
  private static final long LONGEST = 100_000_000;

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /**
   * A tensor.
   *
   * @param name of the tensor
   * @param type F32 or I32
   * @param shape its dimensions
   * @param begin of its data, in bytes after the header
   * @param end of its data
   */
  record Entry(String name, String type, long[] shape, long begin, long end) {}

  /** What is wrong with a header, as part of a sentence. */
  static final class DamagedException extends IOException {

    private static final long serialVersionUID = 1L;

    DamagedException(String message) {
      super(message);
    }
  }

  /** Returns the JSON, with spaces at its end so that the data begin at a multiple of eight. */
  byte[] toBytes() {
    ObjectNode root = JSON.createObjectNode();
    ObjectNode texts = root.putObject(METADATA);
    metadata.forEach(texts::put);
    for (Entry entry : entries) {
      ObjectNode tensor = root.putObject(entry.name);
      tensor.put("dtype", entry.type);
      ArrayNode shape = tensor.putArray("shape");
      Arrays.stream(entry.shape).forEach(shape::add);
      tensor.putArray("data_offsets").add(entry.begin).add(entry.end);
    }
    byte[] json = root.toString().getBytes(StandardCharsets.UTF_8);
    byte[] padded = Arrays.copyOf(json, (json.length + 7) / 8 * 8);
    Arrays.fill(padded, json.length, padded.length, (byte) ' ');
    return padded;
  }

  /**
   * Reads a header and checks it against the size of the file.
   *
   * @throws DamagedException if anything is not as the format wants it
   */
  static SafetensorsHeader read(DataInputStream in, long fileSize) throws IOException {
    if (fileSize < 8) {
      throw new EOFException();
    }
    long length = Long.reverseBytes(in.readLong());
    if (length < 2 || length > Math.min(LONGEST, fileSize - 8)) {
      throw new DamagedException(
          "it claims a header of %s bytes in a file of %d bytes"
              .formatted(Long.toUnsignedString(length), fileSize));
    }
    byte[] json = in.readNBytes((int) length);
    SafetensorsHeader header = parse(new String(json, StandardCharsets.UTF_8));
    header.checkOffsets(fileSize - 8 - length);
    return header;
  }

  private static SafetensorsHeader parse(String json) throws DamagedException {
    JsonNode root;
    try {
      root = JSON.readTree(json);
    } catch (JsonProcessingException notJson) {
      throw new DamagedException("its header is not JSON (" + notJson.getOriginalMessage() + ")");
    }
    if (!root.isObject()) {
      throw new DamagedException("its header is not a JSON object");
    }
    Map<String, String> metadata = new LinkedHashMap<>();
    List<Entry> entries = new ArrayList<>();
    for (Map.Entry<String, JsonNode> field : root.properties()) {
      if (field.getKey().equals(METADATA)) {
        readMetadata(field.getValue(), metadata);
      } else {
        entries.add(entry(field.getKey(), field.getValue()));
      }
    }
    entries.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
    return new SafetensorsHeader(metadata, entries);
  }

  private static void readMetadata(JsonNode node, Map<String, String> metadata)
      throws DamagedException {
    for (Map.Entry<String, JsonNode> text : node.properties()) {
      if (!text.getValue().isTextual()) {
        throw new DamagedException("its metadata '" + text.getKey() + "' is not a text");
      }
      metadata.put(text.getKey(), text.getValue().textValue());
    }
  }

  private static Entry entry(String name, JsonNode node) throws DamagedException {
    String type = node.path("dtype").asText();
    if (!type.equals("F32") && !type.equals("I32")) {
      throw new DamagedException("tensor '%s' is of type '%s'".formatted(name, type));
    }
    long[] shape = wholeNumbers(name, node.path("shape"));
    long[] offsets = wholeNumbers(name, node.path("data_offsets"));
    if (offsets.length != 2 || offsets[0] > offsets[1]) {
      throw new DamagedException("the offsets of tensor '%s' are not a range".formatted(name));
    }
    long elements = 1;
    for (long dimension : shape) {
      // a product that could overflow is far beyond an array already
      elements =
          elements > 0 && dimension > Integer.MAX_VALUE / elements ? -1 : elements * dimension;
      if (elements < 0) {
        throw new DamagedException("tensor '%s' has too many elements".formatted(name));
      }
    }
    if (offsets[1] - offsets[0] != 4 * elements) {
      throw new DamagedException(
          "tensor '%s' has %d elements in %d bytes"
              .formatted(name, elements, offsets[1] - offsets[0]));
    }
    return new Entry(name, type, shape, offsets[0], offsets[1]);
  }

  private static long[] wholeNumbers(String name, JsonNode list) throws DamagedException {
    boolean sound = list.isArray();
    for (JsonNode number : list) {
      sound &= number.isIntegralNumber() && number.canConvertToLong() && number.longValue() >= 0;
    }
    if (!sound) {
      throw new DamagedException(
          "shape and offsets of tensor '%s' are not lists of whole numbers".formatted(name));
    }
    long[] numbers = new long[list.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = list.get(i).longValue();
    }
    return numbers;
  }

  private void checkOffsets(long dataSize) throws DamagedException {
    long at = 0;
    for (Entry entry : entries) {
      if (entry.begin != at) {
        throw new DamagedException(
            "the data of tensor '%s' begin at %d, those before end at %d"
                .formatted(entry.name, entry.begin, at));
      }
      at = entry.end;
    }
    if (at != dataSize) {
      throw new DamagedException(
          at > dataSize
              ? "it is cut short: its tensors need %d bytes, it has %d".formatted(at, dataSize)
              : "%d bytes follow its last tensor".formatted(dataSize - at));
    }
  }
}
