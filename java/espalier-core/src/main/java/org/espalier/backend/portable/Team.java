/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend.portable;

import org.espalier.backend.host.WorkerPool;

/** Spreads the items of an operation over the threads, in stretches of about equal work. */
final class Team {

  /** Parts for each thread: enough to even out a disturbed one, few enough to cost nothing. */
  private static final int PARTS_PER_THREAD = 4;

  /** Work worth a part of its own: several microseconds, where handing it out costs one or two. */
  private static final long GRAIN = 8_192;

  /** What a row of sparse weights costs beside its connections, in connections. */
  private static final int ROW_COST = 2;

  private final WorkerPool pool;

  /** What is done with a stretch of items. */
  @FunctionalInterface
  interface Stretch {

    /**
     * Does items {@code from} to {@code to}.
     *
     * @param worker number of the executing thread, for scratch memory only
     */
    void run(int from, int to, int worker);
  }

  Team(WorkerPool pool) {
    this.pool = pool;
  }

  int threads() {
    return pool.threads();
  }

  /**
   * Does items 0 to {@code items}.
   *
   * @param work numbers that all of them handle together, one at a time
   */
  void spread(int items, long work, Stretch stretch) {
    int parts = Math.min(parts(work), items);
    pool.run(
        parts,
        (part, worker) ->
            stretch.run(start(items, part, parts), start(items, part + 1, parts), worker));
  }

  /**
   * Does the rows of a sparse matrix, split by their connections.
   *
   * @param rowStart where each row starts, and the end
   * @param work numbers that each connection handles
   */
  void spreadRows(int[] rowStart, int rows, long work, Stretch stretch) {
    long cost = rowStart[rows] + (long) ROW_COST * rows;
    int parts = Math.min(parts(cost * work), rows);
    pool.run(
        parts,
        (part, worker) ->
            stretch.run(
                row(rowStart, rows, cost * part / parts),
                row(rowStart, rows, cost * (part + 1) / parts),
                worker));
  }

  private int parts(long work) {
    long most = pool.threads() == 1 ? 1 : (long) pool.threads() * PARTS_PER_THREAD;
    return (int) Math.max(1, Math.min(most, work / GRAIN));
  }

  private static int start(int items, int part, int parts) {
    return (int) ((long) items * part / parts);
  }

  /** Returns the first row that has so much work before it. */
  private static int row(int[] rowStart, int rows, long cost) {
    int low = 0;
    int high = rows;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (rowStart[middle] + (long) ROW_COST * middle < cost) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
