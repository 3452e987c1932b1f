/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import static org.espalier.backend.host.HostBuffer.BASE;
import static org.espalier.cpu.Lanes.L;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import org.espalier.backend.host.ImageRows;
import org.espalier.backend.host.ImageSpread;
import org.espalier.backend.host.WorkerPool;
import org.espalier.sparse.Taps;
import org.espalier.tensor.ImageGrid;
import org.espalier.tensor.Tensor;

/** Splits images into the phases of a stride of 2 and joins them, a line at a time. */
final class PhasesKernel {

  static final int STRIDE = 2;

  private final ImageSpread split;
  private final ImageSpread join;
  private final ImageRows whole = new ImageRows();
  private final ImageRows parts = new ImageRows();
  private final int[] phases = new int[STRIDE * STRIDE]; // which phase is which, or -1
  private float[] zeros = new float[BASE];
  private Taps taps;

  PhasesKernel(WorkerPool pool) {
    this.split = new ImageSpread(pool, this::split);
    this.join = new ImageSpread(pool, this::join);
  }

  /** See {@link org.espalier.backend.ImageOps#split}. */
  void split(Tensor x, ImageGrid grid, Taps by, Tensor y) {
    run(split, x, grid, by, y);
  }

  /** See {@link org.espalier.backend.ImageOps#join}. */
  void join(Tensor y, Taps by, Tensor x, ImageGrid grid) {
    run(join, x, grid, by, y);
  }

  private void run(ImageSpread way, Tensor x, ImageGrid grid, Taps by, Tensor y) {
    taps = by;
    whole.set(x, grid);
    parts.set(y, by.input());
    if (zeros.length < BASE + by.input().width() + L) {
      zeros = new float[BASE + by.input().width() + L];
    }
    Arrays.fill(phases, -1);
    for (int i = 0; i < by.phases().size(); i++) {
      phases[by.phases().get(i).y() * STRIDE + by.phases().get(i).x()] = i;
    }
    way.run(x.rows(), whole.images(), 1, 2L * x.rows() * x.positions());
    taps = null;
    whole.release();
    parts.release();
  }

  private void split(int row, int first, int end, int worker) {
    ImageGrid from = whole.grid();
    ImageGrid to = parts.grid();
    int count = taps.phases().size();
    for (int image = first; image < end; image++) {
      for (int i = 0; i < count; i++) {
        Taps.Phase phase = taps.phases().get(i);
        int pixels = (from.width() - phase.x() + 1) / STRIDE;
        for (int y = 0; y < to.height(); y++) {
          int line = STRIDE * y + phase.y();
          int source = whole.image(row, image) + line * from.pitch() + phase.x();
          int target = parts.image(row * count + i, image) + y * to.pitch();
          int taken = line < from.height() ? pixels : 0;
          takeEven(whole.data(), source, parts.data(), target, taken);
          Arrays.fill(parts.data(), target + taken, target + to.width(), 0);
        }
        parts.clearAround(row * count + i, image);
      }
    }
  }

  private void join(int row, int first, int end, int worker) {
    ImageGrid to = whole.grid();
    for (int image = first; image < end; image++) {
      for (int y = 0; y < to.height(); y++) {
        int left = phases[y % STRIDE * STRIDE];
        int right = phases[y % STRIDE * STRIDE + 1];
        int target = whole.image(row, image) + y * to.pitch();
        interleave(
            left < 0 ? zeros : parts.data(),
            line(row, left, image, y),
            right < 0 ? zeros : parts.data(),
            line(row, right, image, y),
            whole.data(),
            target,
            to.width());
      }
      whole.clearAround(row, image);
    }
  }

  private int line(int row, int phase, int image, int y) {
    int of = row * taps.phases().size() + phase;
    return phase < 0 ? BASE : parts.image(of, image) + y / STRIDE * parts.grid().pitch();
  }

  /** Reads every other number. */
  private static void takeEven(float[] source, int from, float[] target, int to, int count) {
    int i = 0;
    for (; i + L <= count; i += L) {
      FloatVector.fromArray(Lanes.F, source, from + 2 * i)
          .rearrange(EveryOther.EVEN)
          .blend(
              FloatVector.fromArray(Lanes.F, source, from + 2 * i + L).rearrange(EveryOther.EVEN),
              EveryOther.UPPER)
          .intoArray(target, to + i);
    }
    for (; i < count; i++) {
      target[to + i] = source[from + 2 * i];
    }
  }

  /** Writes one number of each in turn, {@code count} in all. */
  private static void interleave(
      float[] left, int lo, float[] right, int ro, float[] target, int to, int count) {
    int i = 0;
    for (; 2 * (i + L / 2) <= count; i += L / 2) {
      FloatVector.fromArray(Lanes.F, left, lo + i)
          .rearrange(EveryOther.TWICE)
          .blend(
              FloatVector.fromArray(Lanes.F, right, ro + i).rearrange(EveryOther.TWICE),
              EveryOther.ODD)
          .intoArray(target, to + 2 * i);
    }
    for (; 2 * i < count; i++) {
      target[to + 2 * i] = left[lo + i];
      if (2 * i + 1 < count) {
        target[to + 2 * i + 1] = right[ro + i];
      }
    }
  }
}
