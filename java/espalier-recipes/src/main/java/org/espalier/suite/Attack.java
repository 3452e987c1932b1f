/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.suite;

import java.util.Arrays;
import org.espalier.sparse.Keys;
import org.espalier.sparse.ValueRule;

/**
 * Changes samples so that their loss rises: steps along the sign of the gradient, kept in the ball
 * of size eps around the clean sample and in the range of the features. One step of size eps is
 * FGSM (Goodfellow, Shlens and Szegedy, ICLR 2015), several are PGD (Madry et al., ICLR 2018).
 *
 * @param eps how far a feature may move, as a share of its range
 * @param step how far it moves in one step, likewise
 * @param steps how many
 * @param start key of the random place in the ball to start at, or null to start at the sample
 */
record Attack(double eps, double step, int steps, Long start) {

  private static final ValueRule UNIFORM = new ValueRule(ValueRule.Kind.UNIFORM, 1);

  static Attack fgsm(double eps) {
    return new Attack(eps, eps, 1, null);
  }

  static Attack pgd(double eps, SuiteSettings settings) {
    Long start =
        settings.randomStart() ? Long.valueOf(Keys.of(settings.seed(), SuiteKeys.START)) : null;
    return new Attack(eps, settings.step(eps), settings.pgdSteps(), start);
  }

  /**
   * Changes a batch.
   *
   * @param clean features of the samples before normalisation, sample by sample
   * @param firstSample number of the first one, which its random start depends on
   * @return the changed samples
   */
  float[] apply(
      float[] clean, int[] labels, int n, int firstSample, ValueRange range, InputGradients model) {
    int features = clean.length / n;
    float[] moved = Arrays.copyOf(clean, clean.length);
    if (start != null) {
      for (int p = 0; p < n; p++) {
        long key = Keys.hash(start, firstSample + p);
        for (int f = 0; f < features; f++) {
          int i = p * features + f;
          moved[i] =
              inBall(clean[i] + UNIFORM.valueAt(key, f) * eps * range.width(f), clean[i], f, range);
        }
      }
    }
    float[] gradient = new float[clean.length];
    float[] outcome = new float[2 * n];
    for (int s = 0; s < steps; s++) {
      model.compute(moved, labels, n, gradient, outcome);
      for (int i = 0; i < moved.length; i++) {
        int f = i % features;
        double target = moved[i] + Math.signum(gradient[i]) * step * range.width(f);
        moved[i] = inBall(target, clean[i], f, range);
      }
    }
    return moved;
  }

  private float inBall(double value, float clean, int feature, ValueRange range) {
    double radius = eps * range.width(feature);
    double near = Math.max(clean - radius, Math.min(clean + radius, value));
    return range.clip(near, feature, clean);
  }
}
