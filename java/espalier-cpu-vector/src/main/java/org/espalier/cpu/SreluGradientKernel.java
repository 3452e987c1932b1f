/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import static org.espalier.backend.host.HostBuffer.BASE;
import static org.espalier.backend.host.HostBuffer.floats;
import static org.espalier.backend.host.HostBuffer.start;
import static org.espalier.cpu.Lanes.L;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import org.espalier.backend.host.WorkerPool;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.Tensor;

/**
 * Gradient of SReLU. The four parameter gradients of a row come from four sums over its positions:
 * of d and of d * (x - knee), left of the left knee and right of the right one.
 */
final class SreluGradientKernel implements WorkerPool.Task {

  private final WorkerPool pool;
  private final float[][] scratch;

  /** The mask of all vectors of a row but the last, then that of the last. */
  private final int[] masks = new int[2 * L];

  private int rows;
  private int vectors;
  private float[] knees;
  private float[] in;
  private int inStart;
  private int inStride;
  private float[] dOut;
  private int dOutStart;
  private int dOutStride;
  private float[] dIn;
  private int dInStart;
  private int dInStride;
  private float[] gradients;
  private int parts;

  SreluGradientKernel(WorkerPool pool) {
    this.pool = pool;
    this.scratch = new float[pool.threads()][BASE + L * L];
  }

  void run(DeviceBuffer parameters, Tensor x, Tensor dy, Tensor dx, DeviceBuffer gradient) {
    vectors = Lanes.vectors(x, dy);
    Lanes.vectors(dy, dx);
    rows = x.rows();
    knees = floats(parameters);
    in = floats(x.buffer());
    inStart = start(x);
    inStride = x.stride();
    dOut = floats(dy.buffer());
    dOutStart = start(dy);
    dOutStride = dy.stride();
    dIn = floats(dx.buffer());
    dInStart = start(dx);
    dInStride = dx.stride();
    gradients = floats(gradient);
    Lanes.fillTailMask(masks, x.positions());
    System.arraycopy(masks, 0, masks, L, L);
    Lanes.fillTailMask(masks, L);
    parts = Math.min(Split.parts(pool, (long) rows * vectors * 5), Math.max(rows, 1));
    pool.run(parts, this);
    knees = null;
    in = null;
    dOut = null;
    dIn = null;
    gradients = null;
  }

  @Override
  public void run(int part, int worker) {
    float[] sums = scratch[worker];
    int to = (int) Split.start(rows, part + 1, parts);
    for (int row = (int) Split.start(rows, part, parts); row < to; row++) {
      int k = BASE + row;
      float slopeLeft = knees[k + rows];
      float width = knees[k + 2 * rows];
      float slopeRight = knees[k + 3 * rows];
      addUp(row, knees[k], slopeLeft, knees[k] + Math.abs(width), slopeRight, sums);
      LaneSums.reduce(sums, BASE, L); // four of them, and what was there
      float dLeft = (1 - slopeLeft) * sums[BASE];
      float dRight = (1 - slopeRight) * sums[BASE + 2];
      gradients[k] = dLeft + dRight;
      gradients[k + rows] = sums[BASE + 1];
      gradients[k + 2 * rows] = width < 0 ? -dRight : dRight;
      gradients[k + 3 * rows] = sums[BASE + 3];
    }
  }

  private void addUp(
      int row, float left, float slopeLeft, float right, float slopeRight, float[] sums) {
    int xo = inStart + row * inStride;
    int dyo = dOutStart + row * dOutStride;
    int dxo = dInStart + row * dInStride;
    addUp(
        left, slopeLeft, right, slopeRight, in, xo, dOut, dyo, dIn, dxo, vectors * L, masks, sums);
  }

  private static void addUp(
      float left,
      float slopeLeft,
      float right,
      float slopeRight,
      float[] in,
      int xo,
      float[] dy,
      int dyo,
      float[] dx,
      int dxo,
      int count,
      int[] masks,
      float[] sums) {
    FloatVector zero = FloatVector.zero(Lanes.F);
    FloatVector d0 = zero;
    FloatVector dx0 = zero;
    FloatVector d1 = zero;
    FloatVector dx1 = zero;
    for (int i = 0; i < count; i += L) {
      IntVector mask = IntVector.fromArray(Lanes.I, masks, i + L < count ? 0 : L);
      FloatVector x =
          FloatVector.fromArray(Lanes.F, in, xo + i)
              .reinterpretAsInts()
              .and(mask)
              .reinterpretAsFloats();
      FloatVector d =
          FloatVector.fromArray(Lanes.F, dy, dyo + i)
              .reinterpretAsInts()
              .and(mask)
              .reinterpretAsFloats();
      VectorMask<Float> below = x.compare(VectorOperators.LT, left);
      VectorMask<Float> above = x.compare(VectorOperators.GT, right);
      FloatVector lower = zero.blend(d, below);
      FloatVector upper = zero.blend(d, above);
      d0 = d0.add(lower);
      d1 = d1.add(upper);
      dx0 = lower.fma(x.sub(left), dx0);
      dx1 = upper.fma(x.sub(right), dx1);
      d.blend(d.mul(slopeRight), above).blend(d.mul(slopeLeft), below).intoArray(dx, dxo + i);
    }
    d0.intoArray(sums, BASE);
    dx0.intoArray(sums, BASE + L);
    d1.intoArray(sums, BASE + 2 * L);
    dx1.intoArray(sums, BASE + 3 * L);
  }
}
