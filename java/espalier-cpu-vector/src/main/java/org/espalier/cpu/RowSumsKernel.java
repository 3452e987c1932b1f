/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import static org.espalier.backend.host.HostBuffer.BASE;
import static org.espalier.backend.host.HostBuffer.floats;
import static org.espalier.backend.host.HostBuffer.start;
import static org.espalier.cpu.Lanes.L;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import org.espalier.backend.host.WorkerPool;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.Tensor;

/** Row sums: lane by lane, then the lanes of L rows at once. */
final class RowSumsKernel implements WorkerPool.Task {

  /** Length of the scratch array that {@link #sum} wants. */
  static final int PARTIAL = BASE + L * L;

  private final WorkerPool pool;
  private final float[][] scratch;
  private final int[] tailMask = new int[L];
  private int rows;
  private int groups;
  private int vectors;
  private float[] in;
  private int inStart;
  private int inStride;
  private float[] sums;
  private int parts;

  RowSumsKernel(WorkerPool pool) {
    this.pool = pool;
    this.scratch = new float[pool.threads()][PARTIAL];
  }

  void run(Tensor dy, DeviceBuffer target) {
    vectors = Lanes.vectors(dy);
    rows = dy.rows();
    sums = floats(target);
    if (vectors == 0) {
      Arrays.fill(sums, BASE, BASE + rows, 0);
      return;
    }
    groups = (rows + L - 1) / L;
    in = floats(dy.buffer());
    inStart = start(dy);
    inStride = dy.stride();
    Lanes.fillTailMask(tailMask, dy.positions());
    parts = Math.min(Split.parts(pool, (long) rows * vectors), Math.max(groups, 1));
    pool.run(parts, this);
    in = null;
    sums = null;
  }

  @Override
  public void run(int part, int worker) {
    int from = (int) Split.start(groups, part, parts) * L;
    int to = Math.min(rows, (int) Split.start(groups, part + 1, parts) * L);
    sum(in, inStart, inStride, vectors, tailMask, from, to, scratch[worker], sums);
  }

  /**
   * Sums rows {@code r0} to {@code r1}.
   *
   * @param partial room for {@link #PARTIAL} numbers
   */
  static void sum(
      float[] in,
      int start,
      int stride,
      int vectors,
      int[] tailMask,
      int r0,
      int r1,
      float[] partial,
      float[] sums) {
    for (int row = r0; row < r1; row += L) {
      int count = Math.min(L, r1 - row);
      for (int i = 0; i < count; i++) {
        addUp(in, start + (row + i) * stride, vectors, tailMask, partial, BASE + i * L);
      }
      LaneSums.reduce(partial, BASE, L);
      System.arraycopy(partial, BASE, sums, BASE + row, count);
    }
  }

  private static void addUp(
      float[] in, int from, int vectors, int[] tailMask, float[] partial, int to) {
    int last = from + (vectors - 1) * L;
    FloatVector sum = FloatVector.zero(Lanes.F);
    for (int at = from; at < last; at += L) {
      sum = sum.add(FloatVector.fromArray(Lanes.F, in, at));
    }
    sum.add(
            FloatVector.fromArray(Lanes.F, in, last)
                .reinterpretAsInts()
                .and(IntVector.fromArray(Lanes.I, tailMask, 0))
                .reinterpretAsFloats())
        .intoArray(partial, to);
  }
}
