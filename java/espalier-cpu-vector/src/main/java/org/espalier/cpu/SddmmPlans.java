/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import org.espalier.backend.host.WorkerPool;
import org.espalier.sparse.CsrMatrix;

/** The plans of the patterns in use, and how large their panels and blocks are. */
final class SddmmPlans {

  /** Columns of a block at least, or channels: 32 KB of X at the widest tile. */
  private static final int BLOCK_COLUMNS = 64;

  /** Connections of a segment on average, to be worth a row of dY. */
  private static final int SEGMENT = 12;

  /** Connections of a panel at most. */
  private static final int PANEL = 60_000;

  /** Panels for each thread where X does not stay in the second-level cache: each reads it anew. */
  private static final int LARGE_PANELS = 2;

  /** What a tile of X has to itself of that cache. */
  private static final int RESIDENT_BYTES = 512 * 1024;

  private final WorkerPool pool;
  private final PerPattern<BlockPlan> plans = new PerPattern<>();

  SddmmPlans(WorkerPool pool) {
    this.pool = pool;
  }

  /**
   * Returns the plan of a pattern with at least one connection.
   *
   * @param stride of X
   */
  BlockPlan of(CsrMatrix pattern, int stride) {
    BlockPlan known = plans.find(pattern);
    return known != null && known.stride() == stride
        ? known
        : plans.keep(pattern, plan(pattern, stride));
  }

  private BlockPlan plan(CsrMatrix pattern, int stride) {
    return BlockPlanner.plan(pool, pattern, stride, panels(pattern, stride), blocks(pattern));
  }

  /** Returns how many plans are held. */
  int held() {
    return plans.size();
  }

  private int panels(CsrMatrix pattern, int stride) {
    int byWork = Split.parts(pool, (long) pattern.nnz() * (stride / Lanes.L));
    long tileOfX = (long) pattern.channels() * SddmmTiles.bytes(stride / Lanes.L);
    int even = tileOfX > RESIDENT_BYTES ? Math.min(byWork, LARGE_PANELS * pool.threads()) : byWork;
    int largest = PANEL * pool.threads();
    return Math.max(even, (pattern.nnz() + largest - 1) / largest * pool.threads());
  }

  private static int blocks(CsrMatrix pattern) {
    int byColumns = pattern.channels() / BLOCK_COLUMNS;
    int bySegments = (int) (pattern.nnz() / ((long) SEGMENT * pattern.rows()));
    return Math.max(1, Math.min(byColumns, bySegments));
  }
}
