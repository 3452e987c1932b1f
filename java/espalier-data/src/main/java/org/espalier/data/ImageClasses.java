/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.espalier.UserException;
import org.espalier.data.format.LabelRange;
import org.espalier.data.image.ImageFiles;

/**
 * The classes that labels of images stand for.
 *
 * @param numbers the class of each label
 * @param count how many classes there are
 * @param names one name per class, or none if labels are numbers and nothing tells their names
 */
record ImageClasses(Map<String, Integer> numbers, int count, List<String> names) {

  private static final Pattern NUMBER = Pattern.compile("\\d{1,9}");

  /**
   * Finds the classes of a set.
   *
   * @throws UserException if there is only one, or the test part has one that training has not
   */
  static ImageClasses of(ImageParts parts, ImageFiles train, Optional<ImageFiles> test) {
    List<String> all = new ArrayList<>(train.classes());
    test.ifPresent(files -> all.addAll(files.classes()));
    boolean numbered =
        parts.labelsMayBeNumbers() && all.stream().allMatch(l -> NUMBER.matcher(l).matches());
    return numbered ? numbered(parts, all) : named(parts, train, test);
  }

  private static ImageClasses numbered(ImageParts parts, List<String> all) {
    Map<String, Integer> numbers = new HashMap<>();
    int largest = 0;
    for (String label : all) {
      int number = Integer.parseInt(label);
      numbers.put(label, number);
      largest = Math.max(largest, number);
    }
    if (largest >= LabelRange.LIMIT) {
      throw new UserException(
          "%s: there is a label %d, expected numbers of classes from 0 to %d."
              .formatted(parts.place(), largest, LabelRange.LIMIT - 1));
    }
    Folder folder = new Folder.OnDisk(parts.place());
    return new ImageClasses(numbers, largest + 1, ClassNames.beside(folder, largest + 1));
  }

  private static ImageClasses named(ImageParts parts, ImageFiles train, Optional<ImageFiles> test) {
    List<String> names = List.copyOf(new TreeSet<>(train.classes()));
    if (names.size() < 2) {
      throw new UserException(
          "%s: there is one class, %s; expected at least two class folders or labels."
              .formatted(parts.place(), names.get(0)));
    }
    Map<String, Integer> numbers = new HashMap<>();
    for (String name : names) {
      numbers.put(name, numbers.size());
    }
    for (String name : test.map(ImageFiles::classes).orElse(List.of())) {
      if (!numbers.containsKey(name)) {
        throw new UserException(
            "%s: the test part has a class %s that the training part has not, expected the same classes."
                .formatted(parts.place(), name));
      }
    }
    return new ImageClasses(numbers, names.size(), names);
  }

  /** Returns the class of each image. */
  int[] labels(ImageFiles files) {
    int[] labels = new int[files.size()];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = numbers.get(files.label(i));
    }
    return labels;
  }
}
