/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data.format;

import java.util.List;
import java.util.Optional;
import org.espalier.UserException;

/** The file formats that data sets come in. */
public enum Format {
  /** MNIST's format: a file of samples and a file of labels. */
  IDX,
  /** CIFAR-10, binary version: batch files of label byte and pixels. */
  CIFAR10,
  /** CIFAR-100, binary version: a file of coarse label, fine label and pixels. */
  CIFAR100,
  /** Text, one row per sample, label and features in columns. */
  CSV,
  /** Text, one row per sample, a label and the features that are not zero. */
  LIBSVM,
  /** NumPy arrays: a file of features and a file of labels. */
  NPY;

  /**
   * Reads one part of a data set.
   *
   * @param files the files that hold the features; several only for CIFAR-10
   * @param labels the file of labels, for the formats that have one
   * @param csv layout of CSV files
   * @param range the labels that are allowed
   * @throws UserException if a file is missing, empty, cut short, corrupt, or holds what it must
   *     not
   */
  public Part read(
      List<DataFile> files, Optional<DataFile> labels, CsvOptions csv, LabelRange range) {
    DataFile first = files.get(0);
    return switch (this) {
      case IDX -> IdxReader.read(first, labels.orElseThrow(), range);
      case CIFAR10 -> CifarReader.read(files, 1, range.atMost(10));
      case CIFAR100 -> CifarReader.read(files, 2, range.atMost(100));
      case CSV -> CsvReader.read(first, csv, range);
      case LIBSVM -> LibsvmReader.read(first, range);
      case NPY -> NpyReader.read(first, labels.orElseThrow(), range);
    };
  }
}
