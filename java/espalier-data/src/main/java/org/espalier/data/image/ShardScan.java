/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data.image;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.espalier.UserException;

/**
 * Lists the images of WebDataset shards: of a sample, all files are called alike up to the first
 * dot after the last slash, {@code key.jpg} (or jpeg, png) is the image and {@code key.cls} its
 * label as text. Only headers and labels are read.
 */
public final class ShardScan {

  private static final Set<String> IMAGES = Set.of("jpg", "jpeg", "png");

  private ShardScan() {}

  /**
   * Lists the images of some shards, in their order.
   *
   * @throws UserException if a shard is no tar file, is cut short, or has an image without label
   */
  public static ImageFiles scan(List<Path> shards) {
    ImageFiles.Builder images = new ImageFiles.Builder();
    for (Path shard : shards) {
      scan(shard, images);
    }
    return images.build();
  }

  private static void scan(Path shard, ImageFiles.Builder images) {
    List<TarReader.Entry> found = new ArrayList<>();
    Map<String, String> labels = new HashMap<>();
    Map<String, String> taken = new HashMap<>();
    try (TarReader tar = new TarReader(shard)) {
      for (Optional<TarReader.Entry> at = tar.next(); at.isPresent(); at = tar.next()) {
        TarReader.Entry entry = at.get();
        String extension = extension(entry.name());
        if (IMAGES.contains(extension)) {
          found.add(entry);
          String other = taken.put(key(entry.name()), entry.name());
          if (other != null) {
            throw new UserException(
                "%s: %s and %s are images of the same sample; expected one."
                    .formatted(shard, other, entry.name()));
          }
        } else if (extension.equals("cls")) {
          labels.put(key(entry.name()), tar.text(entry).strip());
        }
      }
    }
    for (TarReader.Entry entry : found) {
      String label = labels.get(key(entry.name()));
      if (label == null || label.isEmpty()) {
        throw new UserException(
            "%s!%s: there is no label; expected a file %s.cls beside it."
                .formatted(shard, entry.name(), key(entry.name())));
      }
      images.add(shard, entry.name(), entry.offset(), entry.size(), label);
    }
  }

  private static int dot(String name) {
    int dot = name.indexOf('.', name.lastIndexOf('/') + 1);
    return dot < 0 ? name.length() : dot;
  }

  private static String key(String name) {
    return name.substring(0, dot(name));
  }

  private static String extension(String name) {
    return name.substring(Math.min(name.length(), dot(name) + 1)).toLowerCase(Locale.ROOT);
  }
}
