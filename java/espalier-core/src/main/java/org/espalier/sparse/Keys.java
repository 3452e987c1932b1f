/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.sparse;

/**
 * Keyed random bits: every random choice of the engine is a hash of what it is about (seed, layer,
 * update, index), never of when or where it is made.
 *
 * <p>The mixer is the finalizer of SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom
 * number generators, OOPSLA 2014).
 */
public final class Keys {

  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private Keys() {}

  /** Returns a key derived from a seed and what the key is for. */
  public static long of(long seed, long... parts) {
    long key = mix(seed + GOLDEN);
    for (long part : parts) {
      key = hash(key, part);
    }
    return key;
  }

  /** Returns 64 random bits for item {@code index} under {@code key}. */
  public static long hash(long key, long index) {
    return mix(key + GOLDEN * (index + 1));
  }

  /** Scrambles 64 bits, one to one. */
  public static long mix(long bits) {
    long z = bits;
    z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
    z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
    return z ^ z >>> 31;
  }

  /** Scrambles 32 bits, one to one; the finalizer of MurmurHash3, cheap in SIMD lanes. */
  public static int mix(int bits) {
    int h = bits;
    h = (h ^ h >>> 16) * 0x85ebca6b;
    h = (h ^ h >>> 13) * 0xc2b2ae35;
    return h ^ h >>> 16;
  }
}
