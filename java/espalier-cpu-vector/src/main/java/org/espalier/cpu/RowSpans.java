/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import org.espalier.backend.host.WorkerPool;

/** Spreads an element-wise operation over threads: every (row, vector) pair is handled once. */
final class RowSpans implements WorkerPool.Task {

  /** What is done to neighbouring vectors of one row. */
  interface Body {

    void span(int row, int fromVector, int toVector);
  }

  private final WorkerPool pool;
  private final Body body;
  private int vectors;
  private long pairs;
  private int parts;

  RowSpans(WorkerPool pool, Body body) {
    this.pool = pool;
    this.body = body;
  }

  /**
   * Runs the operation.
   *
   * @param cost how many reads and writes of vectors one vector is worth
   */
  void run(int rows, int vectorsOfRow, int cost) {
    vectors = vectorsOfRow;
    pairs = (long) rows * vectorsOfRow;
    parts = Split.parts(pool, pairs * cost);
    pool.run(parts, this);
  }

  @Override
  public void run(int part, int worker) {
    long pair = Split.start(pairs, part, parts);
    long end = Split.start(pairs, part + 1, parts);
    while (pair < end) {
      int from = (int) (pair % vectors);
      int to = (int) Math.min(vectors, from + end - pair);
      body.span((int) (pair / vectors), from, to);
      pair += to - from;
    }
  }
}
