/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import static org.espalier.backend.host.HostBuffer.BASE;
import static org.espalier.backend.host.HostBuffer.floats;
import static org.espalier.cpu.Lanes.L;
import static org.espalier.cpu.Lanes.all;
import static org.espalier.cpu.Lanes.load;

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
    FloatVector factor = all(decay);
    FloatVector rate = all(minusRate);
    for (int i = from; i < to; i += L) {
      FloatVector x = load(w, i);
      x.fma(factor, load(g, i + shift).mul(scale)).fma(rate, x).intoArray(w, i);
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
    FloatVector zero = FloatVector.zero(Lanes.F);
    FloatVector tiny = all(TINY);
    FloatVector rate = all(minusRate);
    for (int i = from; i < to; i += L) {
      FloatVector x = load(w, i);
      FloatVector slope = x.fma(all(decay), load(g, i + shift).mul(scale));
      FloatVector speed = load(v, i).fma(all(momentum), slope);
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
    FloatVector zero = FloatVector.zero(Lanes.F);
    FloatVector tiny = all(TINY);
    FloatVector inertia = all(momentum);
    FloatVector rate = all(minusRate);
    for (int i = from; i < to; i += L) {
      FloatVector x = load(w, i);
      FloatVector slope = x.fma(all(decay), load(g, i + shift).mul(scale));
      FloatVector speed = load(v, i).fma(inertia, slope);
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
