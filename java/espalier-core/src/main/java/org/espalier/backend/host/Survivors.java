/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend.host;

import java.util.Arrays;
import org.espalier.sparse.CsrMatrix;

/**
 * The connections that stay in an update, cut between rows into parts of about equal work.
 *
 * @param flags 1 for each connection that stays, 0 for each that goes
 * @param firstRow first row of each part, and the number of rows
 * @param before survivors before each part, and all of them
 */
record Survivors(int[] flags, int[] firstRow, int[] before) {

  /**
   * Counts the survivors.
   *
   * @param grown new connections that the parts are going to handle too, spread over all rows
   */
  static Survivors of(WorkerPool pool, CsrMatrix weights, int[] flags, int grown) {
    int[] rowStart = HostBuffer.ints(weights.rowStart());
    int rows = weights.rows();
    int parts = Math.min(rows, Parts.of(pool, (long) weights.nnz() + grown));
    int[] firstRow = Parts.rows(rowStart, rows, (long) rows + grown, parts);
    int[] before = new int[parts + 1];
    pool.run(
        parts,
        (part, worker) ->
            before[part + 1] = sum(flags, rowStart[firstRow[part]], rowStart[firstRow[part + 1]]));
    for (int part = 0; part < parts; part++) {
      before[part + 1] += before[part];
    }
    return new Survivors(flags, firstRow, before);
  }

  private static int sum(int[] flags, int from, int to) {
    int sum = 0;
    for (int k = from; k < to; k++) {
      sum += flags[k];
    }
    return sum;
  }

  int parts() {
    return before.length - 1;
  }

  int count() {
    return before[before.length - 1];
  }

  /**
   * Returns where in ascending numbers each part begins, and their count.
   *
   * @param numbers canonical positions, or ranks among the cells without a survivor
   * @param count how many there are
   * @param ranks whether they are ranks: before a row there are fewer of them than positions
   */
  int[] partition(long[] numbers, int count, int columns, boolean ranks) {
    int[] first = new int[before.length];
    for (int part = 0; part < first.length; part++) {
      long cells = (long) firstRow[part] * columns - (ranks ? before[part] : 0);
      int at = Arrays.binarySearch(numbers, 0, count, cells);
      first[part] = at < 0 ? ~at : at;
    }
    return first;
  }
}
