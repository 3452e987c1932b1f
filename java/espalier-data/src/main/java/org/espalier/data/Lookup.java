/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.espalier.UserException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the folder of a known set: in the folder of the request, in that of the environment, in the
 * user's cache, in the system's folders, inside the program, and at last by downloading it. The
 * first place that has all files is the one; what was wrong with the others is remembered for the
 * error.
 */
final class Lookup {

  private static final Logger LOG = LoggerFactory.getLogger(Lookup.class);

  private final SetDescription set;
  private final DataRequest request;
  private final DataLocations locations;
  private final List<String> tried = new ArrayList<>();

  Lookup(SetDescription set, DataRequest request, DataLocations locations) {
    this.set = set;
    this.request = request;
    this.locations = locations;
  }

  /**
   * Returns the folder that has all files of the set.
   *
   * @throws UserException if no place has, with each place, why it has not, and what to do
   */
  Folder find() {
    Optional<Folder> found =
        inRequested()
            .or(() -> inEnvironment())
            .or(() -> inRoot("the cache", locations.cache()))
            .or(() -> inSystem())
            .or(() -> inProgram())
            .or(() -> byDownload());
    Folder folder = found.orElseThrow(this::notFound);
    LOG.debug("{} is read from {}", set.name(), folder);
    return folder;
  }

  private Optional<Folder> inRequested() {
    if (request.dataDir().isEmpty()) {
      tried.add("--data-dir: not given");
      return Optional.empty();
    }
    // A folder given for this one set may also hold its files directly.
    Path root = request.dataDir().get();
    return inRoot("--data-dir", root).or(() -> in("--data-dir", root));
  }

  private Optional<Folder> inEnvironment() {
    if (locations.environment().isEmpty()) {
      tried.add("$ESPALIER_DATA: not set");
      return Optional.empty();
    }
    return inRoot("$ESPALIER_DATA", locations.environment().get());
  }

  private Optional<Folder> inSystem() {
    Optional<Folder> found = Optional.empty();
    for (Path root : locations.system()) {
      found = found.or(() -> inRoot("the system", root));
    }
    return found;
  }

  private Optional<Folder> inRoot(String place, Path root) {
    List<Path> present = new ArrayList<>();
    for (String name : set.folders()) {
      Folder.OnDisk folder = new Folder.OnDisk(root.resolve(name));
      if (folder.missing(set.fileNames()).isEmpty()) {
        return Optional.of(folder);
      }
      if (folder.exists()) {
        present.add(folder.path());
      }
    }
    if (present.isEmpty()) {
      tried.add(place + ": there is no folder " + root.resolve(set.folders().get(0)));
    }
    for (Path path : present) {
      in(place, path);
    }
    return Optional.empty();
  }

  private Optional<Folder> in(String place, Path path) {
    Folder folder = new Folder.OnDisk(path);
    List<String> missing = folder.missing(set.fileNames());
    if (missing.isEmpty()) {
      return Optional.of(folder);
    }
    String lacks = missing.size() == 1 ? missing.get(0) : missing.get(0) + " and others";
    tried.add(place + ": " + path + (folder.exists() ? " has no " + lacks : " does not exist"));
    return Optional.empty();
  }

  private Optional<Folder> inProgram() {
    if (!set.origin().shipped()) {
      tried.add("the program itself: the set is not part of it");
      return Optional.empty();
    }
    Folder folder = new Folder.Shipped(set.name());
    if (folder.missing(set.fileNames()).isEmpty()) {
      return Optional.of(folder);
    }
    tried.add("the program itself: this build lacks " + folder.missing(set.fileNames()));
    return Optional.empty();
  }

  private Optional<Folder> byDownload() {
    if (set.origin().address().isEmpty()) {
      tried.add("download: no address is known for this set");
      return Optional.empty();
    }
    URI base =
        locations
            .mirror()
            .map(mirror -> URI.create(mirror.toString().replaceFirst("/+$", "") + "/" + set.name()))
            .orElse(set.origin().address().get());
    try {
      Path path = new Downloader(set, request.progress()).download(base, locations.cache());
      return Optional.of(new Folder.OnDisk(path));
    } catch (UserException e) {
      tried.add("download: " + e.getMessage());
      return Optional.empty();
    }
  }

  private UserException notFound() {
    String files = set.fileNames().stream().map(f -> f + "[.gz]").collect(Collectors.joining(", "));
    StringBuilder text = new StringBuilder("The data set " + set.name() + " was not found.");
    text.append(" Looked in:");
    for (String place : tried) {
      text.append("\n  - ").append(place);
    }
    text.append("\nTo get it, ");
    set.origin()
        .debianPackage()
        .ifPresent(name -> text.append("install the Debian package ").append(name).append(", or "));
    set.origin()
        .homepage()
        .ifPresent(page -> text.append("unpack it from ").append(page).append(", or "));
    text.append("put ").append(files).append(" into ");
    text.append(locations.cache().resolve(set.folders().get(0)));
    return new UserException(text.append(".").toString());
  }
}
