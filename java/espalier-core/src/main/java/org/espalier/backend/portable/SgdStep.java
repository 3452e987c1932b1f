/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend.portable;

import org.espalier.backend.SgdRule;

/**
 * One step of momentum SGD, element by element: three numbers read, two written.
 *
 * <p>Velocities nearer to zero than 1e-30 become zero: where gradients have died they would decay
 * into subnormal numbers, which are many times slower.
 *
 * @param rule momentum and weight decay
 * @param learningRate length of the step
 * @param gradientScale factor of the gradient
 */
record SgdStep(SgdRule rule, float learningRate, float gradientScale) {

  private static final float TINY = 1e-30f;

  /**
   * Makes the step.
   *
   * @param v velocities, or null
   * @param from first element of the values and velocities; {@code to} is after the last
   * @param g gradients, the first at {@code at}
   */
  void run(float[] w, float[] v, int from, int to, float[] g, int at) {
    if (v == null) {
      plain(w, from, to, g, at - from);
    } else {
      withMomentum(w, v, from, to, g, at - from);
    }
  }

  private void plain(float[] w, int from, int to, float[] g, int shift) {
    float decay = rule.weightDecay();
    for (int i = from; i < to; i++) {
      w[i] = w[i] - learningRate * (gradientScale * g[i + shift] + decay * w[i]);
    }
  }

  private void withMomentum(float[] w, float[] v, int from, int to, float[] g, int shift) {
    float decay = rule.weightDecay();
    float momentum = rule.momentum();
    boolean nesterov = rule.nesterov();
    for (int i = from; i < to; i++) {
      float slope = gradientScale * g[i + shift] + decay * w[i];
      float speed = momentum * v[i] + slope;
      speed = Math.abs(speed) < TINY ? 0 : speed;
      v[i] = speed;
      w[i] = w[i] - learningRate * (nesterov ? slope + momentum * speed : speed);
    }
  }
}
