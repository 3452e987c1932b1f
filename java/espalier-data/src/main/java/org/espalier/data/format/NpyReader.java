/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data.format;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.espalier.UserException;
import org.espalier.data.table.FeatureTable;
import org.espalier.data.table.ImageShape;

/**
 * Reads NumPy's NPY arrays, versions 1 to 3: little-endian, in C order, features in one file and
 * labels in another.
 */
final class NpyReader {

  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int MAX_HEADER = 1 << 16;
  private static final Pattern TYPE = Pattern.compile("'descr'\\s*:\\s*'([^']*)'");
  private static final Pattern ORDER = Pattern.compile("'fortran_order'\\s*:\\s*(True|False)");
  private static final Pattern SHAPE = Pattern.compile("'shape'\\s*:\\s*\\(([0-9,\\s]*)\\)");

  private NpyReader() {}

  /** What the header says: the element type and the dimensions. */
  private record Header(ElementReader element, int[] dimensions) {

    int rows() {
      return dimensions[0];
    }
  }

  /**
   * Reads features and their labels.
   *
   * @throws UserException if a file is missing, cut short or corrupt, or the two do not fit
   */
  static Part read(DataFile x, DataFile y, LabelRange range) {
    FeatureTable features;
    Optional<ImageShape> shape;
    String featureSum;
    try (ByteReader in = ByteReader.open(x)) {
      Header header = header(in);
      if (header.dimensions.length < 2) {
        throw x.error("the array has one dimension, expected samples x features");
      }
      features =
          new ArrayReader(in, header.element, ByteOrder.LITTLE_ENDIAN)
              .features(header.rows(), Dimensions.features(x, header.dimensions));
      shape = Dimensions.shape(header.dimensions);
      featureSum = in.sha256();
    }
    try (ByteReader in = ByteReader.open(y)) {
      Header header = header(in);
      if (header.dimensions.length != 1) {
        throw y.error("the array has %d dimensions, expected 1", header.dimensions.length);
      }
      if (header.rows() != features.rows()) {
        throw y.error(
            "the array has %d labels, expected %d, one for each row of %s",
            header.rows(), features.rows(), x.name());
      }
      int[] labels =
          new ArrayReader(in, header.element, ByteOrder.LITTLE_ENDIAN).labels(header.rows(), range);
      return new Part(x.name(), features, labels, shape, List.of(featureSum, in.sha256()));
    }
  }

  private static Header header(ByteReader in) {
    DataFile file = in.file();
    byte[] start = new byte[8];
    in.readFully(start, 0, 8, "the NPY magic number");
    if (!Arrays.equals(start, 0, 6, MAGIC, 0, 6)) {
      throw file.error("the file does not begin with \\x93NUMPY, expected an NPY array");
    }
    int version = start[6];
    if (version < 1 || version > 3) {
      throw file.error("the NPY version is %d, expected 1, 2 or 3", version);
    }
    byte[] size = new byte[version == 1 ? 2 : 4];
    in.readFully(size, 0, size.length, "the NPY header length");
    long length = 0;
    for (int i = size.length - 1; i >= 0; i--) {
      length = length << 8 | size[i] & 0xff;
    }
    if (length > MAX_HEADER) {
      throw file.error("the NPY header is %d bytes long, expected at most %d", length, MAX_HEADER);
    }
    byte[] text = new byte[(int) length];
    in.readFully(text, 0, text.length, "the NPY header");
    return parse(file, new String(text, StandardCharsets.UTF_8));
  }

  private static Header parse(DataFile file, String header) {
    String type = value(file, header, TYPE, "'descr'");
    ElementReader element =
        switch (type) {
          case "|u1" -> ElementReader.UINT8;
          case "|i1" -> ElementReader.INT8;
          case "<i2" -> ElementReader.INT16;
          case "<i4" -> ElementReader.INT32;
          case "<i8" -> ElementReader.INT64;
          case "<f4" -> ElementReader.FLOAT32;
          case "<f8" -> ElementReader.FLOAT64;
          default ->
              throw file.error(
                  "the element type is %s, expected |u1, |i1, <i2, <i4, <i8, <f4 or <f8", type);
        };
    if (value(file, header, ORDER, "'fortran_order'").equals("True")) {
      throw file.error(
          "the array is in Fortran order, expected C order as numpy.ascontiguousarray gives");
    }
    String shape = value(file, header, SHAPE, "'shape'");
    try {
      int[] dimensions =
          Arrays.stream(shape.split(","))
              .map(String::strip)
              .filter(s -> !s.isEmpty())
              .mapToInt(Integer::parseInt)
              .toArray();
      if (dimensions.length == 0) {
        throw file.error("the array is a single value, expected samples x features");
      }
      return new Header(element, Dimensions.check(file, dimensions));
    } catch (NumberFormatException e) {
      throw file.error("the shape is (%s), expected dimensions below 2^31", shape);
    }
  }

  private static String value(DataFile file, String header, Pattern pattern, String key) {
    Matcher matcher = pattern.matcher(header);
    if (!matcher.find()) {
      throw file.error("the NPY header has no valid %s", key);
    }
    return matcher.group(1);
  }
}
