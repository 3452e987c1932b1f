/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import static org.espalier.backend.host.HostBuffer.BASE;
import static org.espalier.backend.host.HostBuffer.floats;
import static org.espalier.backend.host.HostBuffer.ints;
import static org.espalier.backend.host.HostBuffer.start;
import static org.espalier.cpu.Lanes.L;
import static org.espalier.cpu.Lanes.all;
import static org.espalier.cpu.Lanes.load;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import org.espalier.backend.host.WorkerPool;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.Tensor;

/**
 * Softmax cross-entropy: a vector of positions at a time, three walks down the classes (largest,
 * exponentials, gradient). Everything is relative to the largest output m: with s_c = z_c - m and S
 * = sum of exp(s_c), the loss is {@code log S - sum over c of t_c s_c}.
 */
final class CrossEntropyKernel implements WorkerPool.Task {

  /** What a class of a vector costs in vectors read or written, an exponential included. */
  private static final int COST = 16;

  private final WorkerPool pool;
  private final int[][] gathered;
  private final float[][] sums;
  private int classes;
  private int positions;
  private int vectors;
  private float[] logits;
  private int logitsStart;
  private int logitsStride;
  private int[] labels;
  private float smoothing;
  private float scale;
  private float[] gradients;
  private int gradientsStart;
  private int gradientsStride;
  private float[] outcomes;
  private int outcomesStart;
  private int outcomesStride;
  private int parts;

  CrossEntropyKernel(WorkerPool pool) {
    this.pool = pool;
    this.gathered = new int[pool.threads()][L];
    this.sums = new float[pool.threads()][BASE + L];
  }

  void run(
      Tensor z,
      DeviceBuffer targets,
      float labelSmoothing,
      float gradientScale,
      Tensor dz,
      Tensor outcome) {
    vectors = Lanes.vectors(z, outcome);
    positions = z.positions();
    classes = z.rows();
    logits = floats(z.buffer());
    logitsStart = start(z);
    logitsStride = z.stride();
    labels = ints(targets);
    smoothing = labelSmoothing;
    scale = gradientScale;
    if (dz != null) {
      Lanes.vectors(z, dz);
      gradients = floats(dz.buffer());
      gradientsStart = start(dz);
      gradientsStride = dz.stride();
    }
    outcomes = floats(outcome.buffer());
    outcomesStart = start(outcome);
    outcomesStride = outcome.stride();
    parts = Math.min(Split.parts(pool, (long) vectors * classes * COST), Math.max(vectors, 1));
    pool.run(parts, this);
    logits = null;
    labels = null;
    gradients = null;
    outcomes = null;
  }

  @Override
  public void run(int part, int worker) {
    int[] mine = gathered[worker];
    float[] sum = sums[worker];
    int to = (int) Split.start(vectors, part + 1, parts);
    for (int v = (int) Split.start(vectors, part, parts); v < to; v++) {
      Labels.gather(labels, v * L, positions, mine);
      int z = logitsStart + v * L;
      int at = outcomesStart + v * L;
      int g = gradientsStart + v * L;
      largest(logits, z, logitsStride, classes, mine, outcomes, at, outcomesStride);
      loss(
          logits,
          z,
          logitsStride,
          classes,
          mine,
          smoothing,
          outcomes,
          at,
          gradients,
          g,
          gradientsStride,
          sum);
      if (gradients != null) {
        gradient(gradients, g, gradientsStride, classes, mine, smoothing, scale, sum);
      }
    }
  }

  /** Leaves the largest output in row 0 of the outcome, whether it is the label's in row 1. */
  private static void largest(
      float[] z, int zo, int zs, int classes, int[] labels, float[] outcome, int at, int stride) {
    FloatVector best = load(z, zo);
    FloatVector hit = Labels.oneHot(Labels.are(labels, 0));
    int o = zo;
    for (int c = 1; c < classes; c++) {
      o += zs;
      FloatVector next = load(z, o);
      VectorMask<Float> larger = next.compare(VectorOperators.GT, best);
      best = best.blend(next, larger);
      hit = hit.blend(Labels.oneHot(Labels.are(labels, c)), larger);
    }
    best.intoArray(outcome, at);
    hit.intoArray(outcome, at + stride);
  }

  /**
   * Puts the loss in the place of the largest output, exp(s_c) where the gradient goes (which may
   * be where the outputs are), and their sum into {@code sums}.
   */
  private static void loss(
      float[] z,
      int zo,
      int zs,
      int classes,
      int[] labels,
      float smoothing,
      float[] outcome,
      int at,
      float[] gradient,
      int go,
      int gs,
      float[] sums) {
    FloatVector best = load(outcome, at);
    FloatVector sum = FloatVector.zero(Lanes.F);
    FloatVector ofAll = sum;
    FloatVector ofLabel = sum;
    for (int c = 0; c < classes; c++) {
      FloatVector s = load(z, zo + c * zs).sub(best);
      FloatVector e = VectorMath.exp(s);
      sum = sum.add(e);
      ofAll = ofAll.add(s);
      ofLabel = ofLabel.add(Lanes.and(s, Labels.are(labels, c)));
      if (gradient != null) {
        e.intoArray(gradient, go + c * gs);
      }
    }
    sum.intoArray(sums, BASE);
    FloatVector target = ofLabel;
    if (smoothing != 0) { // 0 times an infinite output would be NaN
      target = ofLabel.mul(1 - smoothing).add(ofAll.mul(smoothing / classes));
    }
    VectorMath.log(sum).sub(target).intoArray(outcome, at);
  }

  private static void gradient(
      float[] gradient,
      int go,
      int gs,
      int classes,
      int[] labels,
      float smoothing,
      float scale,
      float[] sums) {
    FloatVector factor = all(1).div(load(sums, BASE));
    FloatVector label = all(1 - smoothing);
    float other = smoothing / classes;
    for (int c = 0; c < classes; c++) {
      int o = go + c * gs;
      FloatVector target = Lanes.and(label, Labels.are(labels, c)).add(other);
      load(gradient, o).mul(factor).sub(target).mul(scale).intoArray(gradient, o);
    }
  }
}
