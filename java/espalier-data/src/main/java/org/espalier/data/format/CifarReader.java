/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data.format;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.espalier.UserException;
import org.espalier.data.table.ByteTable;
import org.espalier.data.table.ImageShape;

/**
 * Reads the binary version of CIFAR-10 and CIFAR-100: records of label bytes and 3072 pixel bytes,
 * 32 x 32 pixels red, then green, then blue. Of the two labels of CIFAR-100 (coarse, fine) the fine
 * one is the class.
 */
final class CifarReader {

  private static final ImageShape SHAPE = new ImageShape(32, 32, 3);

  private CifarReader() {}

  /**
   * Reads the batch files of one part, one after the other.
   *
   * @param labelBytes label bytes of a record: 1 for CIFAR-10, 2 for CIFAR-100
   * @param range the labels that are allowed
   * @throws UserException if a file is missing, cut short or corrupt, or a label does not fit
   */
  static Part read(List<DataFile> batches, int labelBytes, LabelRange range) {
    byte[] record = new byte[labelBytes + SHAPE.features()];
    ByteTable.Builder table = new ByteTable.Builder(SHAPE.features());
    LabelList labels = new LabelList();
    List<String> sha256 = new ArrayList<>();
    for (DataFile file : batches) {
      try (ByteReader in = ByteReader.open(file)) {
        while (readRecord(in, record)) {
          int label = record[labelBytes - 1] & 0xff;
          if (!range.contains(label)) {
            throw file.error(
                "byte %d holds label %d, expected %s",
                in.offset() - record.length + labelBytes - 1, label, range.expected());
          }
          labels.add(label);
          table.append(record, labelBytes);
        }
        sha256.add(in.sha256());
      }
    }
    return new Part(
        batches.get(0).name(), table.build(), labels.toArray(), Optional.of(SHAPE), sha256);
  }

  private static boolean readRecord(ByteReader in, byte[] record) {
    int count = in.read(record, 0, record.length);
    if (count > 0 && count < record.length) {
      throw in.file()
          .error(
              "truncated at byte %d, expected a multiple of the %d bytes of a CIFAR record",
              in.offset(), record.length);
    }
    return count > 0;
  }
}
