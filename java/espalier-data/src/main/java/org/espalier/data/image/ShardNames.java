/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data.image;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.espalier.UserException;

/**
 * Expands the way in which shards are named together: {@code train-{0000..0146}.tar} and {@code
 * {train,val}.tar}, several of them put together with {@code ::}.
 */
public final class ShardNames {

  private static final int MOST = 1 << 20;
  private static final Pattern BRACES = Pattern.compile("\\{([^{}]*)}");
  private static final Pattern RANGE = Pattern.compile("(\\d{1,9})\\.\\.(\\d{1,9})");

  private ShardNames() {}

  /** Returns whether a text names shards: its end does, or one that is put together with more. */
  public static boolean isPattern(String text) {
    return text.endsWith(".tar") && (text.contains("{") || text.contains("::"));
  }

  /**
   * Returns the names of all shards, in order.
   *
   * @throws UserException if the braces are not as they must be
   */
  public static List<String> expand(String pattern) {
    List<String> names = new ArrayList<>();
    for (String part : pattern.split("::")) {
      expand(pattern, part, names);
    }
    return names;
  }

  private static void expand(String pattern, String part, List<String> names) {
    Matcher braces = BRACES.matcher(part);
    if (!braces.find()) {
      if (part.contains("{") || part.contains("}")) {
        throw new UserException(
            pattern + ": a brace is left over; expected {first..last} or {one,other}.");
      }
      names.add(part);
      return;
    }
    for (String choice : choices(pattern, braces.group(1))) {
      if (names.size() > MOST) {
        throw new UserException(pattern + ": these are more than " + MOST + " shards.");
      }
      expand(
          pattern,
          part.substring(0, braces.start()) + choice + part.substring(braces.end()),
          names);
    }
  }

  private static List<String> choices(String pattern, String inside) {
    Matcher range = RANGE.matcher(inside);
    if (!range.matches()) {
      return List.of(inside.split(",", -1));
    }
    int first = Integer.parseInt(range.group(1));
    int last = Integer.parseInt(range.group(2));
    if (last < first || last - first > MOST) {
      throw new UserException(
          "%s: {%s} has no shards or too many; expected {first..last}, the smaller number first."
              .formatted(pattern, inside));
    }
    String format = "%0" + range.group(1).length() + "d";
    List<String> numbers = new ArrayList<>();
    for (int i = first; i <= last; i++) {
      numbers.add(format.formatted(i));
    }
    return numbers;
  }
}
