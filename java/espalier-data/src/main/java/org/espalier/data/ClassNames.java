/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.espalier.data.format.DataFile;

/**
 * What the classes of a set are called: as the catalogue says, or as a text file beside the data
 * says, one name a line in the order of the labels.
 */
record ClassNames(SetDescription set, Folder folder) {

  private static final List<String> FILES =
      List.of("classes.txt", "fine_label_names.txt", "batches.meta.txt");

  /** Returns one name per class, or none if they are not known: names are for reports only. */
  List<String> read(int classes) {
    if (set.classNames().size() == classes) {
      return set.classNames();
    }
    return beside(folder, classes);
  }

  /** Returns the names that a file in a folder has, or none if no file has so many. */
  static List<String> beside(Folder folder, int classes) {
    return FILES.stream()
        .map(folder::find)
        .flatMap(Optional::stream)
        .map(ClassNames::lines)
        .filter(names -> names.size() == classes)
        .findFirst()
        .orElse(List.of());
  }

  private static List<String> lines(DataFile file) {
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(file.opener().open(), StandardCharsets.UTF_8))) {
      return in.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
    } catch (IOException e) {
      throw file.error("the names of the classes cannot be read (%s)", e.getMessage());
    }
  }
}
