/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend;

import org.espalier.sparse.Keys;

/**
 * Which elements a dropout mask keeps: a hash of (key, row, position), so that forward and backward
 * agree without storing the mask and every backend draws the same one.
 *
 * @param rate share of elements dropped, in [0, 1)
 * @param key one for each layer and step
 */
public record Dropout(float rate, long key) {

  private static final int STEP = 0x9E3779B9;

  /** Checks the rate. */
  public Dropout {
    if (!(rate >= 0 && rate < 1)) {
      throw new IllegalArgumentException("dropout rate " + rate + " is not in [0, 1)");
    }
  }

  /** Returns the factor of kept elements. */
  public float scale() {
    return 1f / (1f - rate);
  }

  /** Returns the seed of a row, an argument of {@link #bits}. */
  public int rowSeed(int row) {
    return (int) (Keys.hash(key, row) >>> 32);
  }

  /**
   * Returns the 24 random bits of an element; it is kept if they are at least {@link #threshold}.
   */
  public static int bits(int rowSeed, int position) {
    return Keys.mix(rowSeed + position * STEP) >>> 8;
  }

  /** Returns how many of the 2^24 values of {@link #bits} mean that the element is dropped. */
  public int threshold() {
    return (int) (rate * (1 << 24));
  }

  /** Tells whether the element is kept. */
  public boolean keeps(int row, int position) {
    return bits(rowSeed(row), position) >= threshold();
  }
}
