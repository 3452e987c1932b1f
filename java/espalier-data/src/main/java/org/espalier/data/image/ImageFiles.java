/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data.image;

import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.espalier.UserException;

/**
 * Where the encoded images of one part of a set lie, and what their labels say: files in folders,
 * or stretches of tar shards. Takes about a hundred bytes an image; immutable, and read from
 * several threads at once.
 */
public final class ImageFiles {

  private static final long WHOLE_FILE = -1;

  private final List<Path> containers;
  private final List<String> classes;
  private final int[] container;
  private final String[] names;
  private final long[] offsets;
  private final long[] lengths;
  private final int[] classOf;

  private ImageFiles(Builder built) {
    int size = built.names.size();
    this.containers = List.copyOf(built.containers);
    this.classes = List.copyOf(built.classNumbers.keySet());
    this.names = built.names.toArray(String[]::new);
    this.container = Arrays.copyOf(built.container, size);
    this.offsets = Arrays.copyOf(built.offsets, size);
    this.lengths = Arrays.copyOf(built.lengths, size);
    this.classOf = Arrays.copyOf(built.classOf, size);
  }

  /** Returns the number of images. */
  public int size() {
    return names.length;
  }

  /** Returns what messages call an image: a path, or {@code shard.tar!entry}. */
  public String name(int image) {
    Path in = containers.get(container[image]);
    return offsets[image] == WHOLE_FILE
        ? in.resolve(names[image]).toString()
        : in + "!" + names[image];
  }

  /** Returns a name that does not change when the set is moved to another folder. */
  public String shortName(int image) {
    Path in = containers.get(container[image]).getFileName();
    return offsets[image] == WHOLE_FILE ? names[image] : in + "!" + names[image];
  }

  /** Returns the length of an encoded image in bytes. */
  public long length(int image) {
    return lengths[image];
  }

  /** Returns the different labels, as texts. */
  public List<String> classes() {
    return classes;
  }

  /** Returns the label of an image, as text. */
  public String label(int image) {
    return classes.get(classOf[image]);
  }

  /**
   * Reads the bytes of an image.
   *
   * @param most the largest length that is read
   * @throws UserException if they cannot be read, or are more
   */
  public byte[] read(int image, long most) {
    if (lengths[image] > most) {
      throw new UserException(
          "%s: the image has %d bytes, expected at most %d for the largest number of pixels."
              .formatted(name(image), lengths[image], most));
    }
    boolean whole = offsets[image] == WHOLE_FILE;
    Path in = containers.get(container[image]);
    Path file = whole ? in.resolve(names[image]) : in;
    byte[] bytes = new byte[(int) lengths[image]];
    // Not a channel: those are closed for all when one of their readers is interrupted.
    try (RandomAccessFile opened = new RandomAccessFile(file.toFile(), "r")) {
      opened.seek(whole ? 0 : offsets[image]);
      opened.readFully(bytes);
      return bytes;
    } catch (FileNotFoundException e) {
      throw new UserException(
          name(image)
              + ": the file cannot be opened; expected it to be there still and to be readable.",
          e);
    } catch (EOFException e) {
      throw new UserException(
          name(image) + ": the file is shorter than when the set was opened.", e);
    } catch (IOException e) {
      throw new UserException(name(image) + ": cannot be read (" + e.getMessage() + ").", e);
    }
  }

  /** Collects images one after the other; for one thread. */
  public static final class Builder {

    private final List<Path> containers = new ArrayList<>();
    private final Map<String, Integer> classNumbers = new LinkedHashMap<>();
    private final List<String> names = new ArrayList<>();
    private final Map<Path, Integer> known = new HashMap<>();
    private int[] container = new int[1024];
    private long[] offsets = new long[1024];
    private long[] lengths = new long[1024];
    private int[] classOf = new int[1024];

    /** Creates an empty builder. */
    public Builder() {}

    /** Adds a file of its own; its name is relative to the folder. */
    public void add(Path folder, String name, long length, String label) {
      add(folder, name, WHOLE_FILE, length, label);
    }

    /** Adds a stretch of a shard. */
    public void add(Path shard, String entry, long offset, long length, String label) {
      int at = names.size();
      if (at == container.length) {
        container = Arrays.copyOf(container, 2 * at);
        offsets = Arrays.copyOf(offsets, 2 * at);
        lengths = Arrays.copyOf(lengths, 2 * at);
        classOf = Arrays.copyOf(classOf, 2 * at);
      }
      container[at] =
          known.computeIfAbsent(
              shard,
              added -> {
                containers.add(added);
                return containers.size() - 1;
              });
      names.add(entry);
      offsets[at] = offset;
      lengths[at] = length;
      classOf[at] = classNumbers.computeIfAbsent(label, added -> classNumbers.size());
    }

    /** Returns all images added; the builder must not be used after. */
    public ImageFiles build() {
      return new ImageFiles(this);
    }
  }
}
