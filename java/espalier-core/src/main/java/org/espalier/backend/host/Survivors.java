/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend.host;

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
   * @param parts number of parts wanted; there are not more than rows
   */
  static Survivors of(WorkerPool pool, CsrMatrix weights, int[] flags, int grown, int parts) {
    int[] rowStart = HostBuffer.ints(weights.rowStart());
    int rows = weights.rows();
    int[] firstRow = Parts.rows(rowStart, rows, (long) rows + grown, Math.min(rows, parts));
    int[] before = new int[firstRow.length];
    pool.run(
        before.length - 1,
        (part, worker) ->
            before[part + 1] = sum(flags, rowStart[firstRow[part]], rowStart[firstRow[part + 1]]));
    for (int part = 0; part < before.length - 1; part++) {
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
}
