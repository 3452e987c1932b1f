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
import org.espalier.backend.host.WorkerPool;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.ImageGrid;
import org.espalier.tensor.Tensor;

/**
 * Gradient of batch normalisation, in the blocks of the input. With g the gradient of what the ReLU
 * did not cut and n pixels in a row, the first pass sums g and {@code g * (x - mean)}, and the
 * second writes {@code scale * (g - sum g / n) + slope * (x - mean)}.
 */
final class NormalizeGradientKernel implements WorkerPool.Task {

  private final WorkerPool pool;
  private final PixelBlocks blocks = new PixelBlocks();
  private final PixelSource in;
  private final PixelSource dOut;
  private final float[][] lanes;
  private final double[][] sums;
  private float[] parameters;
  private float[] saved;
  private float[] gradients;
  private int rows;
  private float floor;
  private float[] dIn;
  private int dInStart;
  private int dInStride;
  private int parts;

  NormalizeGradientKernel(WorkerPool pool) {
    this.pool = pool;
    this.in = new PixelSource(pool);
    this.dOut = new PixelSource(pool);
    this.lanes = new float[pool.threads()][BASE + 2 * L];
    this.sums = new double[pool.threads()][2];
  }

  void run(
      DeviceBuffer gammaBeta,
      DeviceBuffer statistics,
      Tensor x,
      ImageGrid from,
      boolean relu,
      Tensor dy,
      ImageGrid to,
      Tensor dx,
      DeviceBuffer gradient) {
    parameters = floats(gammaBeta);
    saved = floats(statistics);
    gradients = floats(gradient);
    rows = x.rows();
    floor = relu ? 0 : Float.NEGATIVE_INFINITY;
    blocks.set(dx, from);
    in.set(x, from, blocks);
    dOut.set(dy, to, blocks);
    dIn = floats(dx.buffer());
    dInStart = start(dx);
    dInStride = dx.stride();
    parts = Math.min(Split.parts(pool, 6L * rows * blocks.end() / L), Math.max(rows, 1));
    pool.run(parts, this);
    in.release();
    dOut.release();
    parameters = null;
    saved = null;
    gradients = null;
    dIn = null;
  }

  @Override
  public void run(int part, int worker) {
    int end = (int) Split.start(rows, part + 1, parts);
    for (int row = (int) Split.start(rows, part, parts); row < end; row++) {
      float mean = saved[BASE + row];
      float inverse = saved[BASE + rows + row];
      float scale = parameters[BASE + row] * inverse;
      float beta = parameters[BASE + rows + row];
      double[] sum = sums[worker];
      sum[0] = 0;
      sum[1] = 0;
      for (int block = 0; block < blocks.blocks(); block++) {
        addUp(row, block, mean, scale, beta, worker);
      }
      gradients[BASE + row] = (float) (sum[1] * inverse);
      gradients[BASE + rows + row] = (float) sum[0];
      int pixels = blocks.pixels();
      float constant = (float) (-sum[0] / pixels * scale);
      float slope = (float) (-sum[1] / pixels * inverse * inverse * scale);
      for (int block = blocks.blocks() - 1; block >= 0; block--) { // what was read last is cached
        apply(row, block, mean, scale, beta, slope, constant, worker);
      }
      int to = dInStart + row * dInStride;
      Arrays.fill(dIn, to + blocks.end(), to + dInStride, 0);
    }
  }

  private void addUp(int row, int block, float mean, float scale, float beta, int worker) {
    int from = blocks.from(block);
    int count = blocks.count(block);
    int xo = in.at(row, from, count, worker);
    int dyo = dOut.at(row, from, count, worker);
    float[] x = in.array(worker);
    float[] dy = dOut.array(worker);
    int[] masks = blocks.masks();
    int mask = blocks.mask(block);
    float[] lane = lanes[worker];
    addUp(x, xo, dy, dyo, mean, scale, beta, floor, masks, mask, blocks.period(), count, lane);
    NormalizeKernel.addLanes(lane, sums[worker]);
  }

  private static void addUp(
      float[] x,
      int xo,
      float[] dy,
      int dyo,
      float mean,
      float scale,
      float beta,
      float floor,
      int[] masks,
      int mask,
      int period,
      int count,
      float[] lanes) {
    FloatVector zero = FloatVector.zero(Lanes.F);
    FloatVector origin = FloatVector.broadcast(Lanes.F, mean);
    FloatVector factor = FloatVector.broadcast(Lanes.F, scale);
    FloatVector shift = FloatVector.broadcast(Lanes.F, beta);
    FloatVector sum = zero;
    FloatVector products = zero;
    for (int i = 0, m = mask; i < count; i += L) {
      IntVector pixels = IntVector.fromArray(Lanes.I, masks, m);
      FloatVector d =
          FloatVector.fromArray(Lanes.F, x, xo + i)
              .sub(origin)
              .reinterpretAsInts()
              .and(pixels)
              .reinterpretAsFloats();
      FloatVector g =
          FloatVector.fromArray(Lanes.F, dy, dyo + i)
              .reinterpretAsInts()
              .and(pixels)
              .reinterpretAsFloats();
      g = g.blend(zero, d.fma(factor, shift).compare(VectorOperators.LE, floor));
      sum = sum.add(g);
      products = g.fma(d, products);
      m += L;
      m = m >= period ? m - period : m;
    }
    sum.intoArray(lanes, BASE);
    products.intoArray(lanes, BASE + L);
  }

  private void apply(
      int row,
      int block,
      float mean,
      float scale,
      float beta,
      float slope,
      float constant,
      int worker) {
    int from = blocks.from(block);
    int count = blocks.count(block);
    int xo = in.at(row, from, count, worker);
    int dyo = dOut.at(row, from, count, worker);
    float[] x = in.array(worker);
    float[] dy = dOut.array(worker);
    int dxo = dInStart + row * dInStride + from;
    int[] masks = blocks.masks();
    int mask = blocks.mask(block);
    int period = blocks.period();
    apply(
        x, xo, dy, dyo, mean, scale, beta, floor, slope, constant, masks, mask, period, dIn, dxo,
        count);
  }

  private static void apply(
      float[] x,
      int xo,
      float[] dy,
      int dyo,
      float mean,
      float scale,
      float beta,
      float floor,
      float slope,
      float constant,
      int[] masks,
      int mask,
      int period,
      float[] dx,
      int dxo,
      int count) {
    FloatVector zero = FloatVector.zero(Lanes.F);
    FloatVector origin = FloatVector.broadcast(Lanes.F, mean);
    FloatVector factor = FloatVector.broadcast(Lanes.F, scale);
    FloatVector shift = FloatVector.broadcast(Lanes.F, beta);
    FloatVector incline = FloatVector.broadcast(Lanes.F, slope);
    FloatVector level = FloatVector.broadcast(Lanes.F, constant);
    for (int i = 0, m = mask; i < count; i += L) {
      FloatVector d = FloatVector.fromArray(Lanes.F, x, xo + i).sub(origin);
      FloatVector.fromArray(Lanes.F, dy, dyo + i)
          .blend(zero, d.fma(factor, shift).compare(VectorOperators.LE, floor))
          .fma(factor, d.fma(incline, level))
          .reinterpretAsInts()
          .and(IntVector.fromArray(Lanes.I, masks, m))
          .reinterpretAsFloats()
          .intoArray(dx, dxo + i);
      m += L;
      m = m >= period ? m - period : m;
    }
  }
}
