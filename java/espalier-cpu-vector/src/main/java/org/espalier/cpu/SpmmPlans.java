/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import org.espalier.backend.host.WorkerPool;
import org.espalier.sparse.CsrMatrix;

/** The plans of the patterns whose rows are long enough for SpMM to do them block by block. */
final class SpmmPlans {

  /** What a block covers of X at least. */
  private static final int BLOCK_BYTES = 64 * 1024;

  /** Connections of a row that a block holds on average, to be worth the trip of y to memory. */
  private static final int BLOCK_CONNECTIONS = 24;

  private final WorkerPool pool;
  private final PerPattern<BlockPlan> plans = new PerPattern<>();

  SpmmPlans(WorkerPool pool) {
    this.pool = pool;
  }

  /**
   * Returns the plan of a pattern, of one panel, or null where rows are done in one go.
   *
   * @param stride of X
   */
  BlockPlan of(CsrMatrix pattern, int stride) {
    int blocks = blocks(pattern, stride);
    if (blocks < 2) {
      return null;
    }
    BlockPlan known = plans.find(pattern);
    return known != null && known.stride() == stride
        ? known
        : plans.keep(pattern, BlockPlanner.plan(pool, pattern, stride, 1, blocks));
  }

  private static int blocks(CsrMatrix pattern, int stride) {
    int vectors = stride / Lanes.L;
    if (vectors == 0 || pattern.nnz() == 0) {
      return 1;
    }
    int widest = (vectors + Lanes.tiles(vectors) - 1) / Lanes.tiles(vectors);
    int tileBytes = (widest * Lanes.L + 2 * pattern.taps().reach()) * Float.BYTES;
    double connections = pattern.nnz() / (double) pattern.rows();
    double least =
        Math.max(BLOCK_BYTES / tileBytes, BLOCK_CONNECTIONS * pattern.channels() / connections);
    return (int) (pattern.channels() / least);
  }
}
