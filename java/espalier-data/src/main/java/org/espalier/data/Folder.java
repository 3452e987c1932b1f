/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data;

import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.espalier.data.format.DataFile;

/** A place that files of one data set can lie in. */
sealed interface Folder {

  /** Returns whether there is such a folder. */
  boolean exists();

  /** Returns the file of a name, or gzipped under that name and {@code .gz}, if it is there. */
  Optional<DataFile> find(String name);

  /** Returns those of the names that are not there. */
  default List<String> missing(List<String> names) {
    return names.stream().filter(name -> find(name).isEmpty()).toList();
  }

  /** A folder of the file system. */
  record OnDisk(Path path) implements Folder {

    @Override
    public boolean exists() {
      return Files.isDirectory(path);
    }

    @Override
    public Optional<DataFile> find(String name) {
      for (String candidate : List.of(name, name + ".gz")) {
        Path file = path.resolve(candidate);
        if (Files.isRegularFile(file)) {
          return Optional.of(DataFile.of(file));
        }
      }
      return Optional.empty();
    }

    @Override
    public String toString() {
      return path.toString();
    }
  }

  /** A folder inside the program, beside the classes of this package. */
  record Shipped(String name) implements Folder {

    @Override
    public boolean exists() {
      return true;
    }

    @Override
    public Optional<DataFile> find(String file) {
      URL resource = Folder.class.getResource(name + "/" + file + ".gz");
      return Optional.ofNullable(resource).map(DataFile::of);
    }

    @Override
    public String toString() {
      return "the program itself";
    }
  }
}
