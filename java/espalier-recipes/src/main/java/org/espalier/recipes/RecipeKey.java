/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.recipes;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One setting of a recipe: its name, what values it takes, and what it means.
 *
 * @param name section and key, such as {@code training.epochs}
 * @param type kind of its values
 * @param choices allowed words of a CHOICE, otherwise empty
 * @param range allowed numbers, for messages and checks
 * @param fallback value when a recipe does not set it
 * @param doc one line for people
 */
record RecipeKey(
    String name, Type type, List<String> choices, Range range, Object fallback, String doc) {

  /** Kinds of values. */
  enum Type {
    TEXT,
    CHOICE,
    FLAG,
    WHOLE,
    REAL,
    WHOLES,
    REALS
  }

  /** Numbers from {@code least} to {@code most}; the ends belong to it unless they are open. */
  record Range(double least, boolean openLeast, double most, boolean openMost) {

    static final Range ANY =
        new Range(Double.NEGATIVE_INFINITY, true, Double.POSITIVE_INFINITY, true);

    static Range atLeast(double least) {
      return new Range(least, false, Double.POSITIVE_INFINITY, true);
    }

    static Range above(double least) {
      return new Range(least, true, Double.POSITIVE_INFINITY, true);
    }

    boolean contains(double value) {
      return (openLeast ? value > least : value >= least)
          && (openMost ? value < most : value <= most);
    }

    String words() {
      List<String> parts = new ArrayList<>();
      if (least != Double.NEGATIVE_INFINITY) {
        parts.add((openLeast ? "above " : "at least ") + plain(least));
      }
      if (most != Double.POSITIVE_INFINITY) {
        parts.add((openMost ? "below " : "at most ") + plain(most));
      }
      return String.join(" and ", parts);
    }

    private static String plain(double value) {
      return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }
  }

  /** Returns what is expected, to end a sentence with. */
  String expected() {
    String numbers = range.words().isEmpty() ? "" : " " + range.words();
    return switch (type) {
      case TEXT -> "a text";
      case CHOICE -> "one of " + String.join(", ", choices);
      case FLAG -> "true or false";
      case WHOLE -> "a whole number" + numbers;
      case REAL -> "a number" + numbers;
      case WHOLES -> "a list of whole numbers" + numbers + ", such as [1000, 1000]";
      case REALS -> "a list of numbers" + numbers + ", such as [0.5, 0.75]";
    };
  }

  /** Reads a value from its words (one for a scalar, any number for a list). */
  Optional<Object> parse(List<String> words, boolean list) {
    boolean wantsList = type == Type.WHOLES || type == Type.REALS;
    if (!wantsList && (list || words.size() != 1)) {
      return Optional.empty();
    }
    return switch (type) {
      case TEXT -> Optional.<Object>of(words.get(0)).filter(text -> !text.equals(""));
      case CHOICE -> Optional.<Object>of(words.get(0)).filter(choices::contains);
      case FLAG -> flag(words.get(0));
      case WHOLE -> whole(words.get(0)).map(Object.class::cast);
      case REAL -> real(words.get(0)).map(Object.class::cast);
      case WHOLES -> all(words.stream().map(this::whole).toList());
      case REALS -> all(words.stream().map(this::real).toList());
    };
  }

  private static Optional<Object> flag(String word) {
    return switch (word) {
      case "true" -> Optional.of(true);
      case "false" -> Optional.of(false);
      default -> Optional.empty();
    };
  }

  private Optional<Long> whole(String word) {
    try {
      return Optional.of(Long.valueOf(word.strip().replace("_", ""))).filter(range::contains);
    } catch (NumberFormatException notWhole) {
      return Optional.empty();
    }
  }

  private Optional<Double> real(String word) {
    try {
      return Optional.of(Double.valueOf(word.strip()))
          .filter(value -> Double.isFinite(value) && range.contains(value));
    } catch (NumberFormatException notNumber) {
      return Optional.empty();
    }
  }

  private static <T> Optional<Object> all(List<Optional<T>> values) {
    return values.stream().allMatch(Optional::isPresent)
        ? Optional.of(values.stream().map(Optional::orElseThrow).toList())
        : Optional.empty();
  }
}
