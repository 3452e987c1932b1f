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

  /** Elements sent through the network together; both halves of them stay in the first cache. */
  private static final int BLOCK = 512;

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

  /**
   * Writes the images of {@code first} to {@code first + count - 1}, in an order of its own, to
   * {@code target[at..]}. Several times faster than one by one: no image waits for another.
   */
  public void images(long first, int count, long[] target, int at) {
    long[] left = new long[Math.min(BLOCK, count)];
    long[] right = new long[left.length];
    long end = first + count;
    long next = first;
    int out = at;
    int walking = 0; // elements whose walk is still outside the range
    do {
      for (; walking < left.length && next < end; next++) {
        left[walking] = next >>> halfBits;
        right[walking++] = next & halfMask;
      }
      for (int round = 0; round < ROUNDS; round += 2) {
        scramble(left, right, walking, roundKeys[round], halfMask);
        scramble(right, left, walking, roundKeys[round + 1], halfMask);
      }
      int inside = out;
      int outside = 0;
      for (int i = 0; i < walking; i++) {
        long image = left[i] << halfBits | right[i];
        target[inside] = image; // overwritten if it is outside
        left[outside] = left[i];
        right[outside] = right[i];
        int refused = image < size ? 0 : 1;
        inside += 1 - refused;
        outside += refused;
      }
      out = inside;
      walking = outside;
    } while (walking > 0 || next < end);
  }

  /** Does one round of the network for many blocks whose halves are about to change places. */
  private static void scramble(long[] left, long[] right, int count, long roundKey, long mask) {
    for (int i = 0; i < count; i++) {
      left[i] ^= Keys.mix(roundKey + right[i]) & mask;
    }
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
