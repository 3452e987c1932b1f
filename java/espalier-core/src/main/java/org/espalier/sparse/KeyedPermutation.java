/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.sparse;

/**
 * A random permutation of {@code [0, size)} that needs no memory: an eight-round Feistel network on
 * the next even power of two, walked until the result falls inside the range.
 *
 * <p>The first k images are k distinct random numbers, found independently of each other, which is
 * how new connections are drawn (no bitmap, no rejection, any number of threads).
 */
public final class KeyedPermutation {

  private static final int ROUNDS = 8;

  /** Every layer has fewer cells; above it the network would need the sign bit. */
  private static final long MAX_SIZE = 1L << 62;

  private final long size;
  private final int halfBits;
  private final long halfMask;
  private final long[] roundKeys = new long[ROUNDS];

  /**
   * Creates the permutation that belongs to a key.
   *
   * @param size from 1 to 2^62
   */
  public KeyedPermutation(long size, long key) {
    if (size < 1 || size > MAX_SIZE) {
      throw new IllegalArgumentException(
          "a permutation of %d elements; from 1 to 2^62 are possible".formatted(size));
    }
    this.size = size;
    int bits = 64 - Long.numberOfLeadingZeros(Math.max(size - 1, 1));
    this.halfBits = (bits + 1) / 2;
    this.halfMask = (1L << halfBits) - 1;
    for (int round = 0; round < ROUNDS; round++) {
      roundKeys[round] = Keys.hash(key, round);
    }
  }

  /** Returns the number of elements permuted. */
  public long size() {
    return size;
  }

  /** Returns the image of {@code index}, in {@code [0, size)}. */
  public long apply(long index) {
    long image = index;
    do {
      image = feistel(image);
    } while (image >= size);
    return image;
  }

  private long feistel(long block) {
    long left = block >>> halfBits;
    long right = block & halfMask;
    for (long roundKey : roundKeys) {
      long next = left ^ Keys.mix(roundKey + right) & halfMask;
      left = right;
      right = next;
    }
    return left << halfBits | right;
  }
}
