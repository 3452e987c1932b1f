/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data.image;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.FileVisitor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.espalier.UserException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lists the images of class folders ({@code cat/1.jpg}, {@code dog/x/2.PNG}), class by class in the
 * order of their names and within a class by path. Files that begin with a dot are passed over.
 */
public final class ClassFolders {

  private static final Logger LOG = LoggerFactory.getLogger(ClassFolders.class);

  private ClassFolders() {}

  /** Returns whether a folder has class folders: one of its folders has an image inside. */
  public static boolean isOne(Path folder) {
    return folders(folder).stream().anyMatch(ClassFolders::hasImage);
  }

  /**
   * Lists all images.
   *
   * @param root what names are relative to
   * @param folder the folder of the class folders, in the root or the root itself
   * @throws UserException if a class folder has no image, or a folder cannot be listed
   */
  public static ImageFiles scan(Path root, Path folder) {
    ImageFiles.Builder images = new ImageFiles.Builder();
    long others = 0;
    for (Path classFolder : folders(folder)) {
      Map<String, Long> files = files(root, classFolder);
      String label = classFolder.getFileName().toString();
      int before = files.size();
      files.keySet().removeIf(name -> !isImage(name));
      others += before - files.size();
      if (files.isEmpty()) {
        throw new UserException(
            classFolder
                + ": there is no image in this class folder, expected *.jpg, *.jpeg or *.png.");
      }
      files.forEach((name, size) -> images.add(root, name, size, label));
    }
    if (others > 0) {
      LOG.warn("{}: {} files are neither JPEG nor PNG by name and are left out.", folder, others);
    }
    return images.build();
  }

  private static List<Path> folders(Path folder) {
    try (Stream<Path> inside = Files.list(folder)) {
      return inside
          .filter(path -> !isHidden(path) && Files.isDirectory(path))
          .sorted(Comparator.comparing(path -> path.getFileName().toString()))
          .toList();
    } catch (IOException e) {
      throw new UserException(folder + ": the folder cannot be listed.", e);
    }
  }

  private static boolean hasImage(Path folder) {
    try (Stream<Path> inside = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
      return inside.anyMatch(path -> !isHidden(path) && isImage(path.toString()));
    } catch (IOException | UncheckedIOException e) {
      throw new UserException(folder + ": the folder cannot be listed.", e);
    }
  }

  /** Returns sizes by path relative to the root, with slashes. */
  private static Map<String, Long> files(Path root, Path folder) {
    Map<String, Long> files = new TreeMap<>();
    FileVisitor<Path> visitor =
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) {
            if (attributes.isRegularFile() && !isHidden(path)) {
              String name = root.relativize(path).toString().replace('\\', '/');
              files.put(name, attributes.size());
            }
            return FileVisitResult.CONTINUE;
          }
        };
    try {
      // Not a stream of paths: each file would be looked up once more for its size.
      Files.walkFileTree(
          folder, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, visitor);
      return files;
    } catch (IOException e) {
      throw new UserException(folder + ": the folder cannot be listed.", e);
    }
  }

  private static boolean isHidden(Path path) {
    return path.getFileName().toString().startsWith(".");
  }

  private static boolean isImage(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.endsWith(".jpg") || lower.endsWith(".jpeg") || lower.endsWith(".png");
  }
}
