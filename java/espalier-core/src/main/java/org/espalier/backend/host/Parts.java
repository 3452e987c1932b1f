/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend.host;

/** How a pass over memory is cut into parts for a {@link WorkerPool}. */
final class Parts {

  /** Parts for each thread: enough to even out a disturbed one, few enough to cost nothing. */
  private static final int PER_THREAD = 4;

  /** Numbers of a part: a pass over them takes several times as long as its dispatch. */
  private static final int GRAIN = 2_048;

  private Parts() {}

  /** Returns the number of parts for a pass over so many numbers, at least 1. */
  static int of(WorkerPool pool, long numbers) {
    if (pool.threads() == 1) {
      return 1;
    }
    return (int) Math.max(1, Math.min((long) pool.threads() * PER_THREAD, numbers / GRAIN));
  }

  /** Returns where a part of {@code total} items starts; part {@code parts} starts at the end. */
  static int start(int total, int part, int parts) {
    return (int) ((long) total * part / parts);
  }

  /**
   * Cuts a matrix between rows into parts of about equal work.
   *
   * @param rowStart where each row starts, and the end
   * @param extra work on top of the connections, spread evenly over the rows
   * @return the first row of each part, and the number of rows
   */
  static int[] rows(int[] rowStart, int rows, long extra, int parts) {
    int[] first = new int[parts + 1];
    first[parts] = rows;
    for (int part = 1; part < parts; part++) {
      long target = (rowStart[rows] + extra) * part / parts;
      int low = first[part - 1];
      int high = rows;
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (rowStart[middle] + extra * middle / rows < target) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      first[part] = low;
    }
    return first;
  }
}
