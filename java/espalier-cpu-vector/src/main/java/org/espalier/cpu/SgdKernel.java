/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import static org.espalier.backend.host.HostBuffer.BASE;
import static org.espalier.backend.host.HostBuffer.floats;
import static org.espalier.cpu.Lanes.F;
import static org.espalier.cpu.Lanes.L;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import org.espalier.backend.SgdRule;
import org.espalier.backend.host.WorkerPool;
import org.espalier.tensor.DeviceBuffer;

/**
 * Momentum SGD in one pass: three vectors read, two written. Elements beyond the last whole vector
 * are not this operation's to write and go through the same arithmetic one by one.
 *
 * <p>Velocities nearer to zero than 1e-30 become zero: where gradients have died they would decay
 * into subnormal numbers, which are many times slower.
 *
 * <p>The loops call the Vector API itself and not {@link Lanes}: small layers bring them to the
 * compiler as a part of all that calls them, and where that is too much it still inlines the former
 * but no longer the latter, which then return their vectors on the heap.
 */
final class SgdKernel implements WorkerPool.Task {

  private static final float TINY = 1e-30f;

  private final WorkerPool pool;
  private SgdRule rule;
  private float learningRate;
  private float gradientScale;
  private float[] w;
  private float[] g;
  private float[] v;
  private int count;
  private int parts;

  SgdKernel(WorkerPool pool) {
    this.pool = pool;
  }

  void run(
      DeviceBuffer values,
      DeviceBuffer gradient,
      DeviceBuffer velocity,
      long n,
      SgdRule constants,
      float rate,
      float scale) {
    rule = constants;
    learningRate = rate;
    gradientScale = scale;
    w = floats(values);
    g = floats(gradient);
    v = velocity == null ? null : floats(velocity);
    count = (int) n;
    parts = Split.parts(pool, n / L * 5);
    pool.run(parts, this);
    w = null;
    g = null;
    v = null;
  }

  @Override
  public void run(int part, int worker) {
    int from = BASE + (int) Split.start(count / L, part, parts) * L;
    int to = BASE + (int) Split.start(count / L, part + 1, parts) * L;
    int end = part == parts - 1 ? BASE + count : to;
    step(rule, learningRate, gradientScale, w, v, from, end, g, from);
  }

  /**
   * Makes a step.
   *
   * @param v velocities, or null
   * @param from first element of the values and velocities; {@code to} is after the last
   * @param g gradients, the first at {@code go}
   */
  static void step(
      SgdRule rule,
      float rate,
      float scale,
      float[] w,
      float[] v,
      int from,
      int to,
      float[] g,
      int go) {
    int whole = to - (to - from) % L;
    int shift = go - from;
    float decay = rule.weightDecay();
    float momentum = rule.momentum();
    if (v == null) {
      plain(w, g, shift, from, whole, scale, decay, -rate);
    } else if (rule.nesterov()) {
      nesterov(w, g, shift, v, from, whole, scale, decay, momentum, -rate);
    } else {
      heavyBall(w, g, shift, v, from, whole, scale, decay, momentum, -rate);
    }
    for (int i = whole; i < to; i++) {
      one(rule, rate, scale, w, v, i, g[i + shift]);
    }
  }

  private static void plain(
      float[] w,
      float[] g,
      int shift,
      int from,
      int to,
      float scale,
      float decay,
      float minusRate) {
    FloatVector factor = FloatVector.broadcast(F, decay);
    FloatVector rate = FloatVector.broadcast(F, minusRate);
    for (int i = from; i < to; i += L) {
      FloatVector x = FloatVector.fromArray(F, w, i);
      x.fma(factor, FloatVector.fromArray(F, g, i + shift).mul(scale)).fma(rate, x).intoArray(w, i);
    }
  }

  private static void heavyBall(
      float[] w,
      float[] g,
      int shift,
      float[] v,
      int from,
      int to,
      float scale,
      float decay,
      float momentum,
      float minusRate) {
    FloatVector zero = FloatVector.zero(F);
    FloatVector tiny = FloatVector.broadcast(F, TINY);
    FloatVector rate = FloatVector.broadcast(F, minusRate);
    for (int i = from; i < to; i += L) {
      FloatVector x = FloatVector.fromArray(F, w, i);
      FloatVector slope =
          x.fma(FloatVector.broadcast(F, decay), FloatVector.fromArray(F, g, i + shift).mul(scale));
      FloatVector speed =
          FloatVector.fromArray(F, v, i).fma(FloatVector.broadcast(F, momentum), slope);
      speed = speed.blend(zero, speed.abs().compare(VectorOperators.LT, tiny));
      speed.intoArray(v, i);
      speed.fma(rate, x).intoArray(w, i);
    }
  }

  private static void nesterov(
      float[] w,
      float[] g,
      int shift,
      float[] v,
      int from,
      int to,
      float scale,
      float decay,
      float momentum,
      float minusRate) {
    FloatVector zero = FloatVector.zero(F);
    FloatVector tiny = FloatVector.broadcast(F, TINY);
    FloatVector inertia = FloatVector.broadcast(F, momentum);
    FloatVector rate = FloatVector.broadcast(F, minusRate);
    for (int i = from; i < to; i += L) {
      FloatVector x = FloatVector.fromArray(F, w, i);
      FloatVector slope =
          x.fma(FloatVector.broadcast(F, decay), FloatVector.fromArray(F, g, i + shift).mul(scale));
      FloatVector speed = FloatVector.fromArray(F, v, i).fma(inertia, slope);
      speed = speed.blend(zero, speed.abs().compare(VectorOperators.LT, tiny));
      speed.intoArray(v, i);
      speed.fma(inertia, slope).fma(rate, x).intoArray(w, i);
    }
  }

  private static void one(
      SgdRule rule, float rate, float scale, float[] w, float[] v, int i, float gradient) {
    float slope = Math.fma(w[i], rule.weightDecay(), gradient * scale);
    float direction = slope;
    if (v != null) {
      float speed = Math.fma(v[i], rule.momentum(), slope);
      speed = Math.abs(speed) < TINY ? 0 : speed;
      v[i] = speed;
      direction = rule.nesterov() ? Math.fma(speed, rule.momentum(), slope) : speed;
    }
    w[i] = Math.fma(direction, -rate, w[i]);
  }
}
