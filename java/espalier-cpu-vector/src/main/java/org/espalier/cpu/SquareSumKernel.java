/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import static org.espalier.backend.host.HostBuffer.BASE;
import static org.espalier.backend.host.HostBuffer.floats;

import org.espalier.backend.host.WorkerPool;
import org.espalier.tensor.DeviceBuffer;

/**
 * Sum of squares in double precision. Chunks of fixed length are summed in four chains each, then
 * the chunks in order, so that the result does not depend on who did which.
 */
final class SquareSumKernel implements WorkerPool.Task {

  private static final int CHUNK = 4096;

  private final WorkerPool pool;
  private float[] values;
  private int count;
  private double[] sums = new double[0];
  private int chunks;
  private int parts;

  SquareSumKernel(WorkerPool pool) {
    this.pool = pool;
  }

  double run(DeviceBuffer buffer, long n) {
    values = floats(buffer);
    count = (int) n;
    chunks = (int) ((n + CHUNK - 1) / CHUNK);
    if (sums.length < chunks) {
      sums = new double[chunks];
    }
    parts = Split.parts(pool, n); // one element at a time, so they count like vectors elsewhere
    pool.run(parts, this);
    values = null;
    double total = 0;
    for (int chunk = 0; chunk < chunks; chunk++) {
      total += sums[chunk];
    }
    return total;
  }

  @Override
  public void run(int part, int worker) {
    int to = (int) Split.start(chunks, part + 1, parts);
    for (int chunk = (int) Split.start(chunks, part, parts); chunk < to; chunk++) {
      int first = chunk * CHUNK;
      sums[chunk] = sum(values, BASE + first, BASE + first + Math.min(CHUNK, count - first));
    }
  }

  private static double sum(float[] values, int from, int to) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    int i = from;
    for (; i + 4 <= to; i += 4) {
      s0 += (double) values[i] * values[i];
      s1 += (double) values[i + 1] * values[i + 1];
      s2 += (double) values[i + 2] * values[i + 2];
      s3 += (double) values[i + 3] * values[i + 3];
    }
    for (; i < to; i++) {
      s0 += (double) values[i] * values[i];
    }
    return s0 + s1 + (s2 + s3);
  }
}
