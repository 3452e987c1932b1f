/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import static org.espalier.backend.host.HostBuffer.BASE;
import static org.espalier.backend.host.HostBuffer.floats;
import static org.espalier.backend.host.HostBuffer.ints;

import org.espalier.backend.host.WorkerPool;
import org.espalier.sparse.SparseWeights;
import org.espalier.sparse.TransposedCopy;

/** Scatters values into their transposed copy; every slot is written once. */
final class SyncKernel implements WorkerPool.Task {

  private final WorkerPool pool;
  private int nnz;
  private float[] from;
  private float[] to;
  private int[] slot;
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
    slot = ints(copy.slot());
    parts = Split.parts(pool, nnz);
    pool.run(parts, this);
    from = null;
    to = null;
    slot = null;
  }

  @Override
  public void run(int part, int worker) {
    int end = (int) Split.start(nnz, part + 1, parts);
    scatter(from, to, slot, (int) Split.start(nnz, part, parts), end);
  }

  /** Copies entries {@code start} to {@code end} to their places in the transposed copy. */
  static void scatter(float[] from, float[] to, int[] slot, int start, int end) {
    for (int k = start; k < end; k++) {
      to[BASE + slot[k]] = from[BASE + k];
    }
  }
}
