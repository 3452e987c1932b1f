/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import static org.espalier.backend.host.HostBuffer.floats;
import static org.espalier.backend.host.HostBuffer.ints;
import static org.espalier.backend.host.HostBuffer.start;
import static org.espalier.cpu.Lanes.L;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import org.espalier.backend.host.WorkerPool;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.Tensor;

/** Mean squared error: a vector of positions at a time, one walk down the outputs. */
final class SquaredErrorKernel implements WorkerPool.Task {

  private static final int COST = 4;
  private static final int STRETCH = 32;

  private final WorkerPool pool;
  private final float[][] gathered;
  private int classes;
  private int positions;
  private int vectors;
  private float[] outputs;
  private int outputsStart;
  private int outputsStride;
  private int[] labels;
  private float scale;
  private float[] gradients;
  private int gradientsStart;
  private int gradientsStride;
  private float[] outcomes;
  private int outcomesStart;
  private int outcomesStride;
  private int parts;

  SquaredErrorKernel(WorkerPool pool) {
    this.pool = pool;
    this.gathered = new float[pool.threads()][L];
  }

  void run(Tensor y, DeviceBuffer targets, float gradientScale, Tensor dy, Tensor outcome) {
    vectors = Lanes.vectors(y, outcome);
    positions = y.positions();
    classes = y.rows();
    Labels.checkClasses(classes);
    outputs = floats(y.buffer());
    outputsStart = start(y);
    outputsStride = y.stride();
    labels = ints(targets);
    scale = gradientScale * 2f / classes;
    if (dy != null) {
      Lanes.vectors(y, dy);
      gradients = floats(dy.buffer());
      gradientsStart = start(dy);
      gradientsStride = dy.stride();
    }
    outcomes = floats(outcome.buffer());
    outcomesStart = start(outcome);
    outcomesStride = outcome.stride();
    parts = Math.min(Split.parts(pool, (long) vectors * classes * COST), Math.max(vectors, 1));
    pool.run(parts, this);
    outputs = null;
    labels = null;
    gradients = null;
    outcomes = null;
  }

  @Override
  public void run(int part, int worker) {
    float[] mine = gathered[worker];
    int to = (int) Split.start(vectors, part + 1, parts);
    for (int v = (int) Split.start(vectors, part, parts); v < to; v++) {
      Labels.gather(labels, v * L, positions, mine, 0);
      errors(
          outputs,
          outputsStart + v * L,
          outputsStride,
          classes,
          mine,
          scale,
          gradients,
          gradientsStart + v * L,
          gradientsStride,
          outcomes,
          outcomesStart + v * L,
          outcomesStride);
    }
  }

  private static void errors(
      float[] y,
      int yo,
      int ys,
      int classes,
      float[] gathered,
      float scale,
      float[] gradient,
      int go,
      int gs,
      float[] outcome,
      int at,
      int stride) {
    FloatVector best = FloatVector.fromArray(Lanes.F, y, yo);
    FloatVector which = FloatVector.zero(Lanes.F);
    FloatVector labels = FloatVector.fromArray(Lanes.F, gathered, 0);
    FloatVector zero = which;
    FloatVector one = FloatVector.broadcast(Lanes.F, 1);
    FloatVector loss = FloatVector.zero(Lanes.F);
    FloatVector stretch = loss; // short sums added up are more exact than one long sum
    for (int c = 0; c < classes; c++) {
      FloatVector out = FloatVector.fromArray(Lanes.F, y, yo + c * ys);
      FloatVector target = Labels.choose(labels, c, one, zero);
      VectorMask<Float> larger = out.compare(VectorOperators.GT, best);
      best = best.blend(out, larger);
      which = which.blend(c, larger);
      FloatVector error = out.sub(target);
      stretch = error.fma(error, stretch);
      if (c % STRETCH == STRETCH - 1) {
        loss = loss.add(stretch);
        stretch = FloatVector.zero(Lanes.F);
      }
      if (gradient != null) {
        error.mul(scale).intoArray(gradient, go + c * gs);
      }
    }
    loss.add(stretch).div(classes).intoArray(outcome, at);
    zero.blend(one, which.compare(VectorOperators.EQ, labels)).intoArray(outcome, at + stride);
  }
}
