/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.espalier.Suggestion;
import org.espalier.UserException;
import org.espalier.data.image.ShardNames;

/**
 * Opens data sets. A name of the catalogue is looked up in the folder of the request, in {@code
 * $ESPALIER_DATA}, in the user's cache, in the system's data folders and inside the program, and
 * then downloaded if an address is known. Anything else is the path of a folder or a file, whose
 * format shows in the names, or the paths of tar shards in one pattern.
 */
public final class Datasets {

  private Datasets() {}

  /**
   * Opens a data set, looking in the places of this machine.
   *
   * @throws UserException if it is not found, or something is wrong with its files
   */
  public static Dataset open(DataRequest request) {
    return open(request, DataLocations.ofThisMachine());
  }

  /**
   * Opens a data set, looking in the places given.
   *
   * @throws UserException if it is not found, or something is wrong with its files
   */
  public static Dataset open(DataRequest request, DataLocations locations) {
    return open(request, locations, Catalogue.standard());
  }

  /** Returns the names of all known sets, in the order of the catalogue. */
  public static List<String> names() {
    return Catalogue.standard().names();
  }

  static Dataset open(DataRequest request, DataLocations locations, Catalogue catalogue) {
    Optional<SetDescription> known = catalogue.find(request.name());
    if (known.isPresent()) {
      Folder folder = new Lookup(known.get(), request, locations).find();
      return new SetReader(known.get(), folder, request).read();
    }
    if (ShardNames.isPattern(request.name())) {
      return new ImageSetReader(ImageScan.shards(request, locations), request).read();
    }
    Path path =
        find(request.name(), request, locations)
            .orElseThrow(() -> unknown(request.name(), catalogue));
    if (Files.isDirectory(path)) {
      Optional<ImageParts> images =
          FolderScan.holdsData(path) ? Optional.empty() : ImageScan.folder(path);
      if (images.isPresent()) {
        return new ImageSetReader(images.get(), request).read();
      }
      SetDescription found = FolderScan.folder(request.name(), path).withCsv(request.csv());
      return new SetReader(found, new Folder.OnDisk(path), request).read();
    }
    if (path.toString().endsWith(".tar")) {
      return new ImageSetReader(ImageScan.byRole(List.of(path)), request).read();
    }
    SetDescription found = FolderScan.file(request.name(), path).withCsv(request.csv());
    return new SetReader(found, new Folder.OnDisk(path.getParent()), request).read();
  }

  /** Finds a path: from where the program runs, or from a data folder. */
  static Optional<Path> find(String name, DataRequest request, DataLocations locations) {
    try {
      List<Path> candidates = new ArrayList<>(List.of(Path.of(name)));
      request.dataDir().ifPresent(root -> candidates.add(root.resolve(name)));
      locations.environment().ifPresent(root -> candidates.add(root.resolve(name)));
      return candidates.stream().filter(Files::exists).findFirst().map(Path::toAbsolutePath);
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  private static UserException unknown(String name, Catalogue catalogue) {
    if (name.contains("/") || name.contains("\\")) {
      return new UserException(name + ": there is no such folder or file.");
    }
    String meant = Suggestion.didYouMean(Suggestion.nearest(name, catalogue.names()));
    return new UserException(
        "There is no data set \""
            + name
            + "\""
            + (meant.isEmpty() ? "." : meant)
            + " Expected the path of a folder or file, or one of "
            + String.join(", ", catalogue.names())
            + ".");
  }
}
