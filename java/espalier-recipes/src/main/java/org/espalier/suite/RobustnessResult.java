/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.suite;

import java.util.List;
import java.util.Locale;

/**
 * What the suite robustness finds.
 *
 * @param samples test samples
 * @param unit what eps is a share of, in words
 * @param image whether samples are images
 * @param pgdSteps steps of PGD
 * @param randomStart whether PGD starts at a random place
 * @param points clean first, then FGSM and PGD for each eps
 * @param gradientNorm L2 norm of the gradient of the mean loss over all connections
 * @param gradientSamples training samples that the mean is over
 */
public record RobustnessResult(
    int samples,
    String unit,
    boolean image,
    int pgdSteps,
    boolean randomStart,
    List<AttackPoint> points,
    double gradientNorm,
    int gradientSamples) {

  /** Keeps a copy of the points. */
  public RobustnessResult {
    points = List.copyOf(points);
  }

  /** Returns the point of the samples as they are. */
  public AttackPoint clean() {
    return points.get(0);
  }

  /** Returns the points of an attack, eps ascending. */
  public List<AttackPoint> of(String attack) {
    return points.stream().filter(point -> point.attack().equals(attack)).toList();
  }

  /** Returns a size of the ball as people write it: 255ths for images, where they are whole. */
  public String epsText(double eps) {
    double parts = 255 * eps;
    return image && Math.abs(parts - Math.rint(parts)) < 1e-6
        ? "%d/255".formatted(Math.round(parts))
        : String.format(Locale.ROOT, "%.4f", eps);
  }
}
