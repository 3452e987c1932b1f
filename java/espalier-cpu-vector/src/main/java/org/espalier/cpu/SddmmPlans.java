/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import static org.espalier.backend.host.HostBuffer.ints;

import java.util.Map;
import java.util.WeakHashMap;
import org.espalier.backend.host.WorkerPool;
import org.espalier.sparse.CsrMatrix;

/**
 * The plans of the patterns in use, each made when its pattern first comes along. A pattern is
 * known by its array of columns, which a topology update never changes but replaces; a plan goes
 * when the garbage collector takes that array.
 */
final class SddmmPlans {

  /** X is left in the second-level cache, with room for all the rest, up to so many bytes. */
  private static final long RESIDENT_BYTES = 256 * 1024;

  /** Columns of a block at least: 128 KB of X at the widest tile. */
  private static final int BLOCK_COLUMNS = 256;

  /** Connections of a segment on average, to be worth a row of dY. */
  private static final int SEGMENT = 20;

  /** Connections of a panel at most: their gradients stay in the second-level cache. */
  private static final int PANEL = 60_000;

  /** Panels for each thread at least, to even out a disturbed one. */
  private static final int PANELS_PER_THREAD = 2;

  /** With fewer blocks than that a plan gains nothing. */
  private static final int LEAST_BLOCKS = 3;

  private final WorkerPool pool;
  private final Map<int[], SddmmPlan> plans = new WeakHashMap<>();

  SddmmPlans(WorkerPool pool) {
    this.pool = pool;
  }

  /**
   * Returns the plan of a pattern, or null if the order of the matrix serves as well.
   *
   * @param rowBytes bytes of a row of X in one tile of positions
   */
  SddmmPlan of(CsrMatrix pattern, int rowBytes) {
    int blocks = blocks(pattern);
    if (blocks < LEAST_BLOCKS || pattern.columns() * (long) rowBytes <= RESIDENT_BYTES) {
      return null;
    }
    int[] column = ints(pattern.column());
    SddmmPlan plan = plans.get(column);
    if (plan == null) {
      int largest = PANEL * pool.threads();
      int perThread = Math.max(PANELS_PER_THREAD, (pattern.nnz() + largest - 1) / largest);
      plan = SddmmPlanner.plan(pool, pattern, perThread * pool.threads(), blocks);
      plans.put(column, plan);
    }
    return plan;
  }

  /** Returns how many plans are held. */
  int held() {
    return plans.size();
  }

  private static int blocks(CsrMatrix pattern) {
    int bySegments = (int) (pattern.nnz() / ((long) SEGMENT * Math.max(1, pattern.rows())));
    return Math.min(pattern.columns() / BLOCK_COLUMNS, bySegments);
  }
}
