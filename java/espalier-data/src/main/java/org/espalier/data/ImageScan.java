/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.espalier.UserException;
import org.espalier.data.image.ClassFolders;
import org.espalier.data.image.ImageFiles;
import org.espalier.data.image.ShardNames;
import org.espalier.data.image.ShardScan;

/**
 * Tells from folders and names where the images of a set lie: in class folders or in tar shards, in
 * {@code train} and {@code test} (or {@code val}, {@code valid}, {@code validation}), or all
 * together. A test part goes before a validation part.
 */
final class ImageScan {

  private static final List<String> TRAIN = List.of("train", "training");
  private static final List<String> TEST = List.of("test", "val", "valid", "validation");

  private ImageScan() {}

  /**
   * Finds the images of a folder; nothing if there are none.
   *
   * @throws UserException if it has a test part and nothing to train on
   */
  static Optional<ImageParts> folder(Path folder) {
    List<Path> shards = tars(folder);
    if (!shards.isEmpty()) {
      return Optional.of(byRole(shards));
    }
    Predicate<Path> hasShards = part -> !tars(part).isEmpty();
    Optional<Path> train = part(folder, TRAIN, hasShards);
    if (train.isPresent()) {
      Optional<Path> test = part(folder, TEST, hasShards);
      return Optional.of(
          new ImageParts(
              folder,
              () -> ShardScan.scan(tars(train.get())),
              test.map(path -> () -> ShardScan.scan(tars(path))),
              true));
    }
    return classFolders(folder);
  }

  private static Optional<ImageParts> classFolders(Path folder) {
    Optional<Path> train = part(folder, TRAIN, ClassFolders::isOne);
    Optional<Path> test = part(folder, TEST, ClassFolders::isOne);
    if (train.isPresent()) {
      Optional<Supplier<ImageFiles>> scan = test.map(path -> () -> ClassFolders.scan(folder, path));
      return Optional.of(
          new ImageParts(folder, () -> ClassFolders.scan(folder, train.get()), scan, false));
    }
    if (test.isPresent()) {
      throw new UserException(
          test.get() + ": this is a test part without a training part; expected train beside it.");
    }
    return ClassFolders.isOne(folder)
        ? Optional.of(
            new ImageParts(
                folder, () -> ClassFolders.scan(folder, folder), Optional.empty(), false))
        : Optional.empty();
  }

  /**
   * Finds the shards that a pattern names, from where the program runs or from a data folder.
   *
   * @throws UserException if one of them is not there
   */
  static ImageParts shards(DataRequest request, DataLocations locations) {
    return byRole(
        ShardNames.expand(request.name()).stream()
            .map(
                name ->
                    Datasets.find(name, request, locations)
                        .orElseThrow(
                            () ->
                                new UserException(
                                    name
                                        + ": there is no such shard, expected all of "
                                        + request.name()
                                        + ".")))
            .toList());
  }

  /** Sorts shards by what their names say: test, then val, for testing, others for training. */
  static ImageParts byRole(List<Path> shards) {
    List<Path> train = of(shards, FolderScan.Role.TRAIN);
    List<Path> tests = of(shards, FolderScan.Role.TEST);
    List<Path> test = tests.isEmpty() ? of(shards, FolderScan.Role.VALID) : tests;
    List<Path> whole = of(shards, FolderScan.Role.WHOLE);
    Path place = shards.get(0).getParent();
    if (!train.isEmpty() && !whole.isEmpty()) {
      throw new UserException(
          "%s: the names of some shards say train and those of others (%s) nothing; expected all of one kind."
              .formatted(place, whole.get(0).getFileName()));
    }
    List<Path> first = train.isEmpty() ? whole : train;
    if (first.isEmpty()) {
      return new ImageParts(place, () -> ShardScan.scan(test), Optional.empty(), true);
    }
    Optional<Supplier<ImageFiles>> second =
        test.isEmpty() ? Optional.empty() : Optional.of(() -> ShardScan.scan(test));
    return new ImageParts(place, () -> ShardScan.scan(first), second, true);
  }

  private static List<Path> of(List<Path> shards, FolderScan.Role role) {
    return shards.stream()
        .filter(shard -> FolderScan.role(shard.getFileName().toString()) == role)
        .toList();
  }

  private static Optional<Path> part(Path folder, List<String> names, Predicate<Path> filled) {
    return names.stream()
        .map(folder::resolve)
        .filter(Files::isDirectory)
        .filter(filled)
        .findFirst();
  }

  private static List<Path> tars(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.getFileName().toString().endsWith(".tar"))
          .filter(Files::isRegularFile)
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UserException(folder + ": the folder cannot be listed.", e);
    }
  }
}
