/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import static org.espalier.backend.host.HostBuffer.BASE;
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

/**
 * Softmax cross-entropy: a vector of positions at a time, three walks down the classes (largest,
 * exponentials, gradient). Everything is relative to the largest output m: with s_c = z_c - m and S
 * = sum of exp(s_c), the loss is {@code log S - sum over c of t_c s_c}.
 */
final class CrossEntropyKernel {

  /** What a class of a vector costs in vectors read or written, an exponential included. */
  private static final int COST = 16;

  // what is kept of a vector of positions from the first walks to the last
  private static final int LABELS = 0;
  private static final int SUM = L;
  private static final int OF_LABEL = 2 * L;
  private static final int OF_ALL = 3 * L;
  private static final int KEPT = 4 * L;

  private final WorkerPool pool;

  // Each walk is a task of its own: the pool's call of a task is where the compiler stops
  // inlining, and two walks in one method are more than it can keep in registers.
  private final WorkerPool.Task largestOutputs = this::largest;
  private final WorkerPool.Task sumsOfExponentials = this::exponentials;
  private final WorkerPool.Task lossesOfPositions = this::losses;
  private final WorkerPool.Task gradientsOfOutputs = this::gradients;

  private float[] kept = new float[0];
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
    Labels.checkClasses(classes);
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
    if (kept.length < BASE + vectors * KEPT) {
      kept = new float[BASE + vectors * KEPT];
    }
    pool.run(parts, largestOutputs);
    pool.run(parts, sumsOfExponentials);
    pool.run(parts, lossesOfPositions);
    if (gradients != null) {
      pool.run(parts, gradientsOfOutputs);
    }
    logits = null;
    labels = null;
    gradients = null;
    outcomes = null;
  }

  private void largest(int part, int worker) {
    int to = (int) Split.start(vectors, part + 1, parts);
    for (int v = (int) Split.start(vectors, part, parts); v < to; v++) {
      int k = BASE + v * KEPT;
      Labels.gather(labels, v * L, positions, kept, k + LABELS);
      int z = logitsStart + v * L;
      for (int i = 0; i < Math.min(L, positions - v * L); i++) {
        kept[k + OF_LABEL + i] = logits[z + labels[v * L + i] * logitsStride + i];
      }
      int at = outcomesStart + v * L;
      largest(logits, z, logitsStride, classes, outcomes, at, outcomesStride, kept, k);
    }
  }

  private void exponentials(int part, int worker) {
    int to = (int) Split.start(vectors, part + 1, parts);
    for (int v = (int) Split.start(vectors, part, parts); v < to; v++) {
      int k = BASE + v * KEPT;
      int z = logitsStart + v * L;
      int at = outcomesStart + v * L;
      int g = gradientsStart + v * L;
      exponentials(
          logits, z, logitsStride, classes, outcomes, at, gradients, g, gradientsStride, kept, k);
    }
  }

  private void losses(int part, int worker) {
    int to = (int) Split.start(vectors, part + 1, parts);
    for (int v = (int) Split.start(vectors, part, parts); v < to; v++) {
      loss(classes, smoothing, outcomes, outcomesStart + v * L, kept, BASE + v * KEPT);
    }
  }

  private void gradients(int part, int worker) {
    int to = (int) Split.start(vectors, part + 1, parts);
    for (int v = (int) Split.start(vectors, part, parts); v < to; v++) {
      int g = gradientsStart + v * L;
      gradient(gradients, g, gradientsStride, classes, smoothing, scale, kept, BASE + v * KEPT);
    }
  }

  /** Leaves the largest output in row 0 of the outcome, whether it is the label's in row 1. */
  private static void largest(
      float[] z,
      int zo,
      int zs,
      int classes,
      float[] outcome,
      int at,
      int stride,
      float[] kept,
      int k) {
    FloatVector labels = FloatVector.fromArray(Lanes.F, kept, k + LABELS);
    FloatVector best = FloatVector.fromArray(Lanes.F, z, zo);
    FloatVector which = FloatVector.zero(Lanes.F);
    int o = zo;
    for (int c = 1; c < classes; c++) {
      o += zs;
      FloatVector next = FloatVector.fromArray(Lanes.F, z, o);
      VectorMask<Float> larger = next.compare(VectorOperators.GT, best);
      best = best.blend(next, larger);
      which = which.blend(c, larger);
    }
    best.intoArray(outcome, at);
    FloatVector zero = FloatVector.zero(Lanes.F);
    zero.blend(1, which.compare(VectorOperators.EQ, labels)).intoArray(outcome, at + stride);
  }

  /**
   * Puts exp(s_c) where the gradient goes, which may be where the outputs are, and into what is
   * kept the sum of the exponentials and the sum of all s.
   */
  private static void exponentials(
      float[] z,
      int zo,
      int zs,
      int classes,
      float[] outcome,
      int at,
      float[] gradient,
      int go,
      int gs,
      float[] kept,
      int k) {
    FloatVector best = FloatVector.fromArray(Lanes.F, outcome, at);
    FloatVector sum = FloatVector.zero(Lanes.F);
    FloatVector ofAll = sum;
    for (int c = 0; c < classes; c++) {
      FloatVector s = FloatVector.fromArray(Lanes.F, z, zo + c * zs).sub(best);
      FloatVector e = VectorMath.exp(s);
      sum = sum.add(e);
      ofAll = ofAll.add(s);
      if (gradient != null) {
        e.intoArray(gradient, go + c * gs);
      }
    }
    sum.intoArray(kept, k + SUM);
    ofAll.intoArray(kept, k + OF_ALL);
  }

  /** Puts the loss in the place of the largest output. */
  private static void loss(
      int classes, float smoothing, float[] outcome, int at, float[] kept, int k) {
    FloatVector logSum = VectorMath.log(FloatVector.fromArray(Lanes.F, kept, k + SUM));
    FloatVector ofLabel =
        FloatVector.fromArray(Lanes.F, kept, k + OF_LABEL)
            .sub(FloatVector.fromArray(Lanes.F, outcome, at));
    if (smoothing == 0) { // 0 times an infinite output would be NaN
      logSum.sub(ofLabel).intoArray(outcome, at);
    } else {
      FloatVector ofAll = FloatVector.fromArray(Lanes.F, kept, k + OF_ALL).mul(smoothing / classes);
      logSum.sub(ofLabel.mul(1 - smoothing).add(ofAll)).intoArray(outcome, at);
    }
  }

  private static void gradient(
      float[] gradient,
      int go,
      int gs,
      int classes,
      float smoothing,
      float scale,
      float[] kept,
      int k) {
    FloatVector labels = FloatVector.fromArray(Lanes.F, kept, k + LABELS);
    FloatVector factor =
        FloatVector.broadcast(Lanes.F, 1).div(FloatVector.fromArray(Lanes.F, kept, k + SUM));
    FloatVector other = FloatVector.broadcast(Lanes.F, smoothing / classes);
    FloatVector label = other.add(1 - smoothing);
    for (int c = 0; c < classes; c++) {
      int o = go + c * gs;
      FloatVector target = Labels.choose(labels, c, label, other);
      FloatVector.fromArray(Lanes.F, gradient, o)
          .mul(factor)
          .sub(target)
          .mul(scale)
          .intoArray(gradient, o);
    }
  }
}
