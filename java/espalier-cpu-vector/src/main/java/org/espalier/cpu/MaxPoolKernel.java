/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import static org.espalier.backend.host.HostBuffer.BASE;
import static org.espalier.cpu.Lanes.L;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import org.espalier.backend.host.ImageRows;
import org.espalier.backend.host.ImageSpread;
import org.espalier.backend.host.WorkerPool;
import org.espalier.sparse.Kernel;
import org.espalier.tensor.ImageGrid;
import org.espalier.tensor.Tensor;

/** Maximum pooling with a stride of 1 or 2: over the lines of the windows, then their columns. */
final class MaxPoolKernel {

  private final ImageSpread spread;
  private final ImageRows in = new ImageRows();
  private final ImageRows out = new ImageRows();
  private final PoolLines[] lines;
  private final float[][] results;
  private Kernel window;

  MaxPoolKernel(WorkerPool pool) {
    this.spread = new ImageSpread(pool, this::images);
    this.lines = new PoolLines[pool.threads()];
    Arrays.setAll(lines, i -> new PoolLines());
    this.results = new float[pool.threads()][0];
  }

  void run(Kernel of, Tensor x, ImageGrid from, Tensor y, ImageGrid to) {
    window = of;
    in.set(x, from);
    out.set(y, to);
    spread.run(x.rows(), in.images(), 1, (long) x.rows() * x.positions());
    in.release();
    out.release();
  }

  private void images(int row, int first, int end, int worker) {
    PoolLines of = lines[worker];
    int width = out.grid().width();
    if (results[worker].length < width + L) {
      results[worker] = new float[width + L];
    }
    float[] result = results[worker];
    for (int image = first; image < end; image++) {
      for (int i = 0; i < out.grid().height(); i++) {
        of.load(window, in.data(), in.image(row, image), in.grid(), i);
        mergeLines(of.lines(), of.length(), of.count());
        if (window.stride() == 1) {
          columns(of.lines(), window.width(), result, width);
        } else {
          everyOther(of.lines(), window.width(), result, width);
        }
        int to = out.image(row, image) + i * out.grid().pitch();
        System.arraycopy(result, 0, out.data(), to, width);
      }
      out.clearAround(row, image);
    }
  }

  /** Makes the first line the largest of all. */
  private static void mergeLines(float[] lines, int length, int count) {
    for (int line = 1; line < count; line++) {
      int other = line * length;
      for (int i = BASE; i < BASE + length; i += L) {
        FloatVector.fromArray(Lanes.F, lines, i)
            .max(FloatVector.fromArray(Lanes.F, lines, other + i))
            .intoArray(lines, i);
      }
    }
  }

  private static void columns(float[] line, int window, float[] result, int count) {
    for (int j = 0; j < count; j += L) {
      FloatVector most = FloatVector.fromArray(Lanes.F, line, BASE + j);
      for (int k = 1; k < window; k++) {
        most = most.max(FloatVector.fromArray(Lanes.F, line, BASE + j + k));
      }
      most.intoArray(result, j);
    }
  }

  private static void everyOther(float[] line, int window, float[] result, int count) {
    for (int j = 0; j < count; j += L) {
      FloatVector most = FloatVector.broadcast(Lanes.F, Float.NEGATIVE_INFINITY);
      for (int k = BASE + 2 * j; k < BASE + 2 * j + window; k++) {
        FloatVector next =
            FloatVector.fromArray(Lanes.F, line, k)
                .rearrange(EveryOther.EVEN)
                .blend(
                    FloatVector.fromArray(Lanes.F, line, k + L).rearrange(EveryOther.EVEN),
                    EveryOther.UPPER);
        most = most.max(next);
      }
      most.intoArray(result, j);
    }
  }
}
