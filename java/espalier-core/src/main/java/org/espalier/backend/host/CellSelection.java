/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend.host;

/**
 * Finds the first {@code count} cells in the order in which cells grow: larger gradients first,
 * equal ones by position. The key of a cell is the complement of the magnitude's 31 bits, so that
 * large ones come first, followed by the bits of its position; so no two are equal. The last key to
 * be chosen is found digit by digit, each from a histogram over the cells that share the digits
 * before it.
 */
final class CellSelection {

  /** The first digit holds the exponent of the gradient and four more bits. */
  private static final int DIGIT_BITS = 12;

  /** Length of a histogram: those that are in use stay in the first-level cache. */
  static final int DIGITS = 1 << DIGIT_BITS;

  private static final int MAGNITUDE_BITS = 31;
  private static final int INFINITY = 0x7f800000;

  private final long count;

  // the last key to be chosen: its bits that are known, and how many of either half are not
  private int order;
  private long position;
  private int orderShift = MAGNITUDE_BITS;
  private int positionShift;

  /** How many of the cells whose keys begin with the known bits are chosen. */
  private long remaining;

  /** How many such cells there are. */
  private long undecided = Long.MAX_VALUE;

  /**
   * Prepares to choose.
   *
   * @param cells all positions are below it
   * @param count how many are chosen; there are at least as many
   */
  CellSelection(long cells, long count) {
    this.count = count;
    this.remaining = count;
    this.positionShift = 64 - Long.numberOfLeadingZeros(cells - 1);
  }

  /** Returns the first half of a key. */
  private static int order(float gradient) {
    int magnitude = Float.floatToRawIntBits(gradient) & Integer.MAX_VALUE;
    return magnitude > INFINITY ? 0 : Integer.MAX_VALUE - magnitude;
  }

  /** Returns whether the last key is known. */
  boolean isExact() {
    return orderShift + positionShift == 0;
  }

  /** Returns how many cells are chosen or undecided; before the first digit, no limit. */
  long candidates() {
    return undecided == Long.MAX_VALUE ? undecided : count - remaining + undecided;
  }

  private int nextShift() {
    return Math.max(0, (orderShift > 0 ? orderShift : positionShift) - DIGIT_BITS);
  }

  /** Counts the next digit of neighbouring cells; element {@code from} is at that position. */
  void count(float[] gradients, int from, int to, long firstPosition, long[] histogram) {
    int known = order;
    int shift = orderShift;
    int next = nextShift();
    if (shift > 0) {
      for (int j = from; j < to; j++) {
        int key = order(gradients[j]);
        if (key >>> shift == known) {
          histogram[key >>> next & DIGITS - 1]++;
        }
      }
    } else {
      for (int j = from; j < to; j++) {
        if (order(gradients[j]) == known) {
          countPosition(firstPosition + (j - from), next, histogram);
        }
      }
    }
  }

  /** Counts the next digit of cells that were collected. */
  void count(Candidates cells, long[] histogram) {
    int next = nextShift();
    for (int i = 0; i < cells.size(); i++) {
      int key = cells.order(i);
      if (key >>> orderShift == order) {
        if (orderShift > 0) {
          histogram[key >>> next & DIGITS - 1]++;
        } else {
          countPosition(cells.position(i), next, histogram);
        }
      }
    }
  }

  private void countPosition(long cell, int next, long[] histogram) {
    if (cell >>> positionShift == position) {
      histogram[(int) (cell >>> next) & DIGITS - 1]++;
    }
  }

  /** Takes in the next digit of the last key. */
  void narrow(long[][] histograms) {
    int digit = -1;
    long there = 0;
    do {
      remaining -= there;
      digit++;
      there = 0;
      for (long[] histogram : histograms) {
        there += histogram[digit];
      }
    } while (there < remaining);
    undecided = there;
    int next = nextShift();
    if (orderShift > 0) {
      order = order << orderShift - next | digit & (1 << orderShift - next) - 1;
      orderShift = next;
    } else {
      position = position << positionShift - next | digit & (1 << positionShift - next) - 1;
      positionShift = next;
    }
  }

  /** Collects those of neighbouring cells that are chosen or undecided. */
  void collect(float[] gradients, int from, int to, long firstPosition, Candidates target) {
    int known = order;
    int shift = orderShift;
    for (int j = from; j < to; j++) {
      int key = order(gradients[j]);
      if (key >>> shift <= known) {
        long cell = firstPosition + (j - from);
        if (isWanted(key, cell)) {
          target.add(key, cell);
        }
      }
    }
  }

  /** Returns whether a collected cell is chosen (once this is exact) or undecided. */
  boolean isWanted(int key, long cell) {
    int leading = key >>> orderShift;
    return leading < order || leading == order && cell >>> positionShift <= position;
  }
}
