/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import org.espalier.backend.host.WorkerPool;

/** How an operation is cut into parts for a {@link WorkerPool}. */
final class Split {

  /** Parts for each thread: enough to even out a disturbed one, few enough to cost nothing. */
  private static final int PARTS_PER_THREAD = 4;

  /**
   * Work of about 4 microseconds, in vectors read, multiplied or written: dispatch costs 1 to 2.
   */
  private static final long GRAIN = 8_192;

  /** Four 64-byte lines of numbers. */
  private static final int LINES = 64;

  private Split() {}

  /**
   * Returns the number of parts.
   *
   * @param vectors how many vectors the operation handles
   */
  static int parts(WorkerPool pool, long vectors) {
    if (pool.threads() == 1 || vectors < 2 * GRAIN) {
      return 1;
    }
    return (int) Math.min((long) pool.threads() * PARTS_PER_THREAD, vectors / GRAIN);
  }

  /** Returns where a part of {@code total} items starts; part {@code parts} starts at the end. */
  static long start(long total, int part, int parts) {
    return total / parts * part + total % parts * part / parts;
  }

  /** Does the same with parts that start at whole lines of the array of items. */
  static int lineStart(int total, int part, int parts) {
    return part == parts ? total : (int) start(total / LINES, part, parts) * LINES;
  }
}
