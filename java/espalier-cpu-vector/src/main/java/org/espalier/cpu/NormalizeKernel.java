/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import static org.espalier.backend.host.HostBuffer.BASE;
import static org.espalier.backend.host.HostBuffer.floats;
import static org.espalier.backend.host.HostBuffer.start;
import static org.espalier.cpu.Lanes.L;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import org.espalier.backend.Normalization;
import org.espalier.backend.host.BatchStatistics;
import org.espalier.backend.host.WorkerPool;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.ImageGrid;
import org.espalier.tensor.Tensor;

/**
 * Batch normalisation: a row is read once for its statistics and, if it fits the cache, from there
 * to be normalised, and added to other images if so asked. The statistics go over the blocks of the
 * input, the rest over those of the output.
 */
final class NormalizeKernel implements WorkerPool.Task {

  private final WorkerPool pool;
  private final PixelBlocks inBlocks = new PixelBlocks();
  private final PixelBlocks outBlocks = new PixelBlocks();
  private final PixelSource measured;
  private final PixelSource in;
  private final PixelSource added;
  private final float[][] lanes;
  private final double[][] sums;
  private Normalization rule;
  private float[] parameters;
  private float[] running;
  private float[] saved;
  private int rows;
  private float floor;
  private boolean adds;
  private float[] out;
  private int outStart;
  private int outStride;
  private int parts;

  NormalizeKernel(WorkerPool pool) {
    this.pool = pool;
    this.measured = new PixelSource(pool);
    this.in = new PixelSource(pool);
    this.added = new PixelSource(pool);
    this.lanes = new float[pool.threads()][BASE + 2 * L];
    this.sums = new double[pool.threads()][2];
  }

  /**
   * Normalises.
   *
   * @param save where the statistics of the batch go; null to use the running ones
   * @param other what is added, or null
   */
  void run(
      Normalization by,
      DeviceBuffer gammaBeta,
      DeviceBuffer statistics,
      DeviceBuffer save,
      Tensor x,
      ImageGrid from,
      Tensor other,
      ImageGrid ofOther,
      boolean relu,
      Tensor y,
      ImageGrid to) {
    rule = by;
    parameters = floats(gammaBeta);
    running = floats(statistics);
    saved = save == null ? null : floats(save);
    rows = x.rows();
    floor = relu ? 0 : Float.NEGATIVE_INFINITY;
    inBlocks.set(x, from);
    outBlocks.set(y, to);
    measured.set(x, from, inBlocks);
    in.set(x, from, outBlocks);
    adds = other != null;
    if (adds) {
      added.set(other, ofOther, outBlocks);
    }
    out = floats(y.buffer());
    outStart = start(y);
    outStride = y.stride();
    parts = Math.min(Split.parts(pool, 4L * rows * outBlocks.end() / L), Math.max(rows, 1));
    pool.run(parts, this);
    measured.release();
    in.release();
    added.release();
    parameters = null;
    running = null;
    saved = null;
    out = null;
  }

  @Override
  public void run(int part, int worker) {
    int end = (int) Split.start(rows, part + 1, parts);
    for (int row = (int) Split.start(rows, part, parts); row < end; row++) {
      if (saved == null) {
        float inverse = BatchStatistics.inverse(rule, running[BASE + rows + row]);
        apply(row, running[BASE + row], inverse, worker);
      } else {
        measure(row, worker);
        apply(row, saved[BASE + row], saved[BASE + rows + row], worker);
      }
    }
  }

  private void measure(int row, int worker) {
    double[] sum = sums[worker];
    sum[0] = 0;
    add(row, 0, 0, worker);
    float shift = (float) (sum[0] / inBlocks.pixelsOfFirst());
    sum[0] = 0;
    sum[1] = 0;
    for (int block = 0; block < inBlocks.blocks(); block++) {
      add(row, block, shift, worker);
    }
    BatchStatistics.save(rule, inBlocks.pixels(), shift, sum[0], sum[1], row, rows, running, saved);
  }

  /** Adds the sums over a block to those of the row. */
  private void add(int row, int block, float shift, int worker) {
    int count = inBlocks.count(block);
    int at = measured.at(row, inBlocks.from(block), count, worker);
    float[] lane = lanes[worker];
    int mask = inBlocks.mask(block);
    float[] x = measured.array(worker);
    addUp(x, at, shift, inBlocks.masks(), mask, inBlocks.period(), count, lane);
    addLanes(lane, sums[worker]);
  }

  /** Adds two vectors of sums to two sums, lane by lane in double precision. */
  static void addLanes(float[] lanes, double[] sums) {
    double first = sums[0];
    double second = sums[1];
    for (int i = BASE; i < BASE + L; i++) {
      first += lanes[i];
      second += lanes[i + L];
    }
    sums[0] = first;
    sums[1] = second;
  }

  private static void addUp(
      float[] x, int xo, float shift, int[] masks, int mask, int period, int count, float[] lanes) {
    FloatVector sum = FloatVector.zero(Lanes.F);
    FloatVector squares = sum;
    FloatVector origin = FloatVector.broadcast(Lanes.F, shift);
    for (int i = 0, m = mask; i < count; i += L) {
      FloatVector d =
          FloatVector.fromArray(Lanes.F, x, xo + i)
              .sub(origin)
              .reinterpretAsInts()
              .and(IntVector.fromArray(Lanes.I, masks, m))
              .reinterpretAsFloats();
      sum = sum.add(d);
      squares = d.fma(d, squares);
      m += L;
      m = m >= period ? m - period : m;
    }
    sum.intoArray(lanes, BASE);
    squares.intoArray(lanes, BASE + L);
  }

  private void apply(int row, float mean, float inverse, int worker) {
    float scale = parameters[BASE + row] * inverse;
    float beta = parameters[BASE + rows + row];
    int to = outStart + row * outStride;
    for (int block = outBlocks.blocks() - 1; block >= 0; block--) { // what was read last is cached
      int from = outBlocks.from(block);
      int count = outBlocks.count(block);
      int at = in.at(row, from, count, worker);
      float[] x = in.array(worker);
      int[] masks = outBlocks.masks();
      int mask = outBlocks.mask(block);
      int period = outBlocks.period();
      if (adds) {
        int ao = added.at(row, from, count, worker);
        float[] a = added.array(worker);
        add(x, at, mean, scale, beta, a, ao, floor, masks, mask, period, out, to + from, count);
      } else {
        apply(x, at, mean, scale, beta, floor, masks, mask, period, out, to + from, count);
      }
    }
    Arrays.fill(out, to + outBlocks.end(), to + outStride, 0);
  }

  private static void apply(
      float[] x,
      int xo,
      float mean,
      float scale,
      float beta,
      float floor,
      int[] masks,
      int mask,
      int period,
      float[] y,
      int yo,
      int count) {
    FloatVector origin = FloatVector.broadcast(Lanes.F, mean);
    FloatVector factor = FloatVector.broadcast(Lanes.F, scale);
    FloatVector shift = FloatVector.broadcast(Lanes.F, beta);
    FloatVector least = FloatVector.broadcast(Lanes.F, floor);
    for (int i = 0, m = mask; i < count; i += L) {
      FloatVector output = FloatVector.fromArray(Lanes.F, x, xo + i).sub(origin).fma(factor, shift);
      output
          .blend(least, output.compare(VectorOperators.LE, least)) // NaN stays
          .reinterpretAsInts()
          .and(IntVector.fromArray(Lanes.I, masks, m))
          .reinterpretAsFloats()
          .intoArray(y, yo + i);
      m += L;
      m = m >= period ? m - period : m;
    }
  }

  private static void add(
      float[] x,
      int xo,
      float mean,
      float scale,
      float beta,
      float[] a,
      int ao,
      float floor,
      int[] masks,
      int mask,
      int period,
      float[] y,
      int yo,
      int count) {
    FloatVector origin = FloatVector.broadcast(Lanes.F, mean);
    FloatVector factor = FloatVector.broadcast(Lanes.F, scale);
    FloatVector shift = FloatVector.broadcast(Lanes.F, beta);
    FloatVector least = FloatVector.broadcast(Lanes.F, floor);
    for (int i = 0, m = mask; i < count; i += L) {
      FloatVector sum =
          FloatVector.fromArray(Lanes.F, x, xo + i)
              .sub(origin)
              .fma(factor, shift)
              .add(FloatVector.fromArray(Lanes.F, a, ao + i));
      sum.blend(least, sum.compare(VectorOperators.LE, least)) // NaN stays
          .reinterpretAsInts()
          .and(IntVector.fromArray(Lanes.I, masks, m))
          .reinterpretAsFloats()
          .intoArray(y, yo + i);
      m += L;
      m = m >= period ? m - period : m;
    }
  }
}
