/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import static org.espalier.backend.host.HostBuffer.BASE;
import static org.espalier.backend.host.HostBuffer.floats;
import static org.espalier.backend.host.HostBuffer.ints;

import org.espalier.backend.host.WorkerPool;
import org.espalier.sparse.SparseWeights;
import org.espalier.sparse.TransposedCopy;

/**
 * Repeats values in their transposed copy. Each thread writes a stretch of the copy and looks up
 * what belongs there: if each scattered a stretch of the values, neighbours in the copy would come
 * from different threads, and the lines that hold them would go from one to the other and back.
 */
final class SyncKernel implements WorkerPool.Task {

  /** What an element costs, in vectors read or written. */
  private static final int COST = 4;

  private final WorkerPool pool;
  private final PerPattern<int[]> sources = new PerPattern<>();
  private int nnz;
  private float[] from;
  private float[] to;
  private int[] source;
  private int parts;

  SyncKernel(WorkerPool pool) {
    this.pool = pool;
  }

  void run(SparseWeights weights) {
    TransposedCopy copy = weights.transposed().orElse(null);
    if (copy == null) {
      return;
    }
    nnz = weights.csr().nnz();
    from = floats(weights.csr().values());
    to = floats(copy.csr().values());
    source = source(copy);
    parts = Split.parts(pool, (long) COST * nnz);
    pool.run(parts, this);
    from = null;
    to = null;
    source = null;
  }

  /** Returns which entry of the original stands where in the copy. */
  private int[] source(TransposedCopy copy) {
    int[] known = sources.find(copy.csr());
    if (known != null) {
      return known;
    }
    int[] slot = ints(copy.slot());
    int[] made = new int[nnz];
    for (int k = 0; k < nnz; k++) {
      made[slot[k]] = k;
    }
    return sources.keep(copy.csr(), made);
  }

  @Override
  public void run(int part, int worker) {
    int end = (int) Split.start(nnz, part + 1, parts);
    pick(from, to, source, (int) Split.start(nnz, part, parts), end);
  }

  private static void pick(float[] from, float[] to, int[] source, int start, int end) {
    for (int k = start; k < end; k++) {
      to[BASE + k] = from[BASE + source[k]];
    }
  }
}
