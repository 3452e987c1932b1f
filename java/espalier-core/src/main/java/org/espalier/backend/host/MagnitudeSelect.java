/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend.host;

/**
 * Finds which of a set of magnitudes are the k smallest, exactly, in two histogram passes over the
 * float's bits (the bits of non-negative floats order like the floats).
 *
 * <p>Use: {@link #count} every magnitude, {@link #narrow}, count every magnitude again, {@link
 * #finish}; then {@link #takes} in canonical order tells for each whether it is among the k. Ties
 * at the threshold are taken in the order of the calls.
 */
final class MagnitudeSelect {

  private static final int LOW_BITS = 16;

  private int[] histogram = new int[1 << (31 - LOW_BITS)];
  private long wanted;
  private int prefix = -1;
  private int threshold;
  private long ties;

  /** Adds a magnitude to the histogram of the current pass. */
  void count(float magnitude) {
    int bits = Float.floatToRawIntBits(magnitude);
    if (prefix < 0) {
      histogram[bits >>> LOW_BITS]++;
    } else if (bits >>> LOW_BITS == prefix) {
      histogram[bits & (1 << LOW_BITS) - 1]++;
    }
  }

  /** Ends the first pass: k of the magnitudes counted are wanted. */
  void narrow(long k) {
    wanted = k;
    prefix = bucket();
    histogram = new int[1 << LOW_BITS];
  }

  /** Ends the second pass. */
  void finish() {
    threshold = prefix << LOW_BITS | bucket();
    ties = wanted;
  }

  /** Tells whether this magnitude is among the k smallest; call once for each, in order. */
  boolean takes(float magnitude) {
    int bits = Float.floatToRawIntBits(magnitude);
    if (bits != threshold || ties == 0) {
      return bits < threshold;
    }
    ties--;
    return true;
  }

  /** Finds the bucket that holds the last wanted element and keeps how many of it are wanted. */
  private int bucket() {
    int bucket = 0;
    while (bucket < histogram.length - 1 && wanted > histogram[bucket]) {
      wanted -= histogram[bucket++];
    }
    return bucket;
  }
}
