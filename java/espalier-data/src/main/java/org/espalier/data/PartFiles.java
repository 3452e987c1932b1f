/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.espalier.data.format.Format;

/**
 * The files of one part of a set, by their names in its folder. A file may stand there gzipped,
 * with {@code .gz} after its name.
 *
 * @param features the files that hold the features
 * @param labels the file that holds the labels, for formats that keep them apart
 */
record PartFiles(Format format, List<String> features, Optional<String> labels) {

  /** Returns a part that is one file. */
  static PartFiles of(Format format, String file) {
    return new PartFiles(format, List.of(file), Optional.empty());
  }

  /** Returns a part whose labels are in a file of their own. */
  static PartFiles of(Format format, String features, String labels) {
    return new PartFiles(format, List.of(features), Optional.of(labels));
  }

  /** Returns the names of all files, in the order that they are read. */
  List<String> names() {
    List<String> names = new ArrayList<>(features);
    labels.ifPresent(names::add);
    return names;
  }
}
