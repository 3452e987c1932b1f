/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data.format;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import org.espalier.UserException;
import org.espalier.data.table.FeatureTable;
import org.espalier.data.table.ImageShape;

/**
 * Reads IDX, the format of MNIST: two zero bytes, a type, the number of dimensions, the dimensions
 * as big-endian 32-bit integers, then the elements. Images are one file, their labels another.
 */
final class IdxReader {

  private static final int MAX_DIMENSIONS = 8;

  private IdxReader() {}

  /** What the header says: the element type and the dimensions. */
  private record Header(ElementReader element, int[] dimensions) {

    int rows() {
      return dimensions[0];
    }
  }

  /**
   * Reads images (or any rows of at least one feature) and their labels.
   *
   * @throws UserException if a file is missing, cut short or corrupt, or the two do not fit
   */
  static Part read(DataFile images, DataFile labels, LabelRange range) {
    FeatureTable features;
    Optional<ImageShape> shape;
    String imageSum;
    try (ByteReader in = ByteReader.open(images)) {
      Header header = header(in);
      if (header.dimensions.length < 2) {
        throw images.error("the file holds a list of %d values, expected samples", header.rows());
      }
      features =
          new ArrayReader(in, header.element, ByteOrder.BIG_ENDIAN)
              .features(header.rows(), Dimensions.features(images, header.dimensions));
      shape = Dimensions.shape(header.dimensions);
      imageSum = in.sha256();
    }
    try (ByteReader in = ByteReader.open(labels)) {
      Header header = header(in);
      if (header.dimensions.length != 1) {
        throw labels.error(
            "the file has %d dimensions, expected one label per sample", header.dimensions.length);
      }
      if (header.rows() != features.rows()) {
        throw labels.error(
            "the file has %d labels, expected %d, one for each sample of %s",
            header.rows(), features.rows(), images.name());
      }
      int[] read =
          new ArrayReader(in, header.element, ByteOrder.BIG_ENDIAN).labels(header.rows(), range);
      return new Part(images.name(), features, read, shape, List.of(imageSum, in.sha256()));
    }
  }

  private static Header header(ByteReader in) {
    DataFile file = in.file();
    byte[] magic = new byte[4];
    in.readFully(magic, 0, 4, "the IDX magic number");
    int count = magic[3];
    if (magic[0] != 0 || magic[1] != 0 || count < 1 || count > MAX_DIMENSIONS) {
      throw file.error(
          "the first four bytes are %02x %02x %02x %02x, expected an IDX file: 00 00, a type, a"
              + " number of dimensions",
          magic[0], magic[1], magic[2], magic[3]);
    }
    ElementReader element =
        switch (magic[2]) {
          case 0x08 -> ElementReader.UINT8;
          case 0x09 -> ElementReader.INT8;
          case 0x0b -> ElementReader.INT16;
          case 0x0c -> ElementReader.INT32;
          case 0x0d -> ElementReader.FLOAT32;
          case 0x0e -> ElementReader.FLOAT64;
          default ->
              throw file.error(
                  "byte 2 holds type 0x%02x, expected an IDX type: 08, 09, 0b, 0c, 0d or 0e",
                  magic[2]);
        };
    byte[] sizes = new byte[4 * count];
    in.readFully(sizes, 0, sizes.length, "the IDX dimensions");
    int[] dimensions = new int[count];
    ByteBuffer.wrap(sizes).asIntBuffer().get(dimensions);
    return new Header(element, Dimensions.check(file, dimensions));
  }
}
