/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend.host;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The parts of a run, dealt out to the threads of a team: neighbouring parts to each, which it
 * takes in ascending order. Who has none left takes the last of another's.
 *
 * <p>So a thread comes back, run after run, to the same stretch of whatever is cut in proportion,
 * and finds it in its own caches: rows of activations that it wrote itself, connections with their
 * values and velocities. That matters most where cores have no cache in common.
 */
final class Shares {

  /** The most parts that a thread can have: what 16 bits hold. */
  private static final int MOST = 0xFFFF;

  /** Longs from one share to the next: two cache lines, which processors fetch in pairs. */
  private static final int STRIDE = 16;

  private final int threads;

  /**
   * For each thread, counted from the first of its parts: the next one to take from the front in
   * bits 16 to 31, the end in bits 0 to 15. The number of the run in the upper half keeps a value
   * from coming back, so who replaces one knows that its run is still the current one.
   */
  private final AtomicLongArray shares;

  private int parts;
  private int runs;

  Shares(int threads) {
    this.threads = threads;
    this.shares = new AtomicLongArray((threads + 1) * STRIDE);
  }

  /** Returns how many parts a run can have. */
  long most() {
    return (long) MOST * threads;
  }

  /**
   * Deals out parts 0 to {@code count - 1}, at most {@link #most}, when all parts of the run before
   * are done.
   */
  void deal(int count) {
    parts = count;
    runs++;
    for (int thread = 0; thread < threads; thread++) {
      int size = first(thread + 1) - first(thread);
      shares.setRelease(index(thread), (long) runs << 32 | size);
    }
  }

  /** Returns whether a thread has parts of its own left. */
  boolean hasOwn(int thread) {
    return left(shares.get(index(thread))) > 0;
  }

  /** Takes a part; returns -1 when none is left. */
  int take(int thread) {
    int part = takeOwn(thread);
    for (int i = 1; i < threads && part < 0; i++) {
      part = takeLast((thread + i) % threads);
    }
    return part;
  }

  private int takeOwn(int thread) {
    int at = index(thread);
    for (long share = shares.get(at); left(share) > 0; share = shares.get(at)) {
      if (shares.compareAndSet(at, share, share + (1 << 16))) {
        return first(thread) + next(share);
      }
    }
    return -1;
  }

  private int takeLast(int thread) {
    int at = index(thread);
    for (long share = shares.get(at); left(share) > 0; share = shares.get(at)) {
      if (shares.compareAndSet(at, share, share - 1)) {
        return first(thread) + end(share) - 1;
      }
    }
    return -1;
  }

  /** Returns the first part of a thread; a single part is the first thread's. */
  private int first(int thread) {
    return (int) (((long) parts * thread + threads - 1) / threads);
  }

  private static int next(long share) {
    return (int) share >>> 16;
  }

  private static int end(long share) {
    return (int) share & MOST;
  }

  private static int left(long share) {
    return end(share) - next(share);
  }

  private static int index(int thread) {
    return (thread + 1) * STRIDE;
  }
}
