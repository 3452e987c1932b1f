/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds the name that somebody who mistyped probably meant. */
public final class Suggestion {

  private Suggestion() {}

  /**
   * Returns the nearest of the names, if at most a third of what was typed is wrong in it, or else
   * the first that what was typed is the start of.
   */
  public static Optional<String> nearest(String typed, Collection<String> names) {
    return similar(typed, names)
        .or(() -> names.stream().filter(name -> name.startsWith(typed)).findFirst());
  }

  /** Returns the question that goes into a message, with its comma, or nothing. */
  public static String didYouMean(Optional<String> nearest) {
    return nearest.map(name -> ", did you mean '" + name + "'?").orElse("");
  }

  private static Optional<String> similar(String typed, Collection<String> names) {
    return names.stream()
        .min(Comparator.comparingInt((String name) -> distance(typed, name)))
        .filter(name -> distance(typed, name) <= Math.max(1, typed.length() / 3));
  }

  /**
   * Counts the letters to insert, remove or change to turn one text into the other (Levenshtein).
   */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(change, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
