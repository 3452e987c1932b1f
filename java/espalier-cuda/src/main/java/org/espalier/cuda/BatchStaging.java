/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cuda;

import java.nio.FloatBuffer;
import org.espalier.backend.SampleReader;
import org.espalier.backend.host.WorkerPool;

/** Reads samples into staged memory, one after the other, with several threads. */
final class BatchStaging {

  /** Features read at a time: a block that is still in the cache when it is copied. */
  private static final int BLOCK = 2_048;

  /** Features of a part: below this, handing out costs more than reading. */
  private static final int GRAIN = 1 << 14;

  private final WorkerPool pool;
  private final float[][] blocks;

  BatchStaging(WorkerPool pool) {
    this.pool = pool;
    this.blocks = new float[pool.threads()][BLOCK];
  }

  /** Puts feature f of sample {@code first + i} at {@code target[at + i * features + f]}. */
  void read(SampleReader samples, int first, int count, int features, FloatBuffer target, int at) {
    int worthwhile = (int) Math.min(count, (long) count * features / GRAIN);
    int parts = Math.max(1, Math.min(worthwhile, 4 * pool.threads()));
    pool.run(
        parts,
        (part, worker) -> {
          int end = (int) ((long) count * (part + 1) / parts);
          for (int i = (int) ((long) count * part / parts); i < end; i++) {
            sample(samples, first + i, features, blocks[worker], target, at + i * features);
          }
        });
  }

  private static void sample(
      SampleReader samples, int position, int features, float[] block, FloatBuffer to, int at) {
    for (int f = 0; f < features; f += BLOCK) {
      int end = Math.min(f + BLOCK, features);
      samples.read(position, f, end, block, 0);
      to.put(at + f, block, 0, end - f);
    }
  }
}
