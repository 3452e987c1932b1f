/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data.format;

/**
 * The labels that a file may hold: whole numbers in {@code [0, classes)}.
 *
 * @param classes the declared number of classes, or the limit if none was declared
 */
public record LabelRange(int classes) {

  /**
   * The most classes a set of unknown size may have. A file whose label column is really a feature
   * is noticed here rather than by an output layer of millions.
   */
  public static final int LIMIT = 1 << 16;

  /** Any number of classes up to the limit. */
  public static final LabelRange ANY = new LabelRange(LIMIT);

  /** Returns this range, cut to at most {@code limit} classes. */
  LabelRange atMost(int limit) {
    return new LabelRange(Math.min(classes, limit));
  }

  /** Returns whether a label is one of them. */
  boolean contains(long label) {
    return label >= 0 && label < classes;
  }

  /** Returns the whole-number label that a text stands for, or -1 if it is none of these. */
  int parse(float value) {
    return value == Math.rint(value) && contains((long) value) ? (int) value : -1;
  }

  /** Returns what was expected, for messages. */
  String expected() {
    return "a whole number from 0 to " + (classes - 1);
  }
}
