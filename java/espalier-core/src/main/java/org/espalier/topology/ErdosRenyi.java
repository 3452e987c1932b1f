/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.topology;

import java.util.List;

/**
 * Erdos-Renyi by overall density: a layer's density is proportional to {@code (inputs + outputs) /
 * (inputs * outputs)}, or with the kernel's sides in the sum and in the product (ERK), scaled so
 * that the whole network has the asked density. Layers that would exceed 1 are dense and the others
 * absorb the difference, exactly (Evci et al., Rigging the lottery, 2020, section 3).
 *
 * @param density of all layers together, in (0, 1]
 * @param kernel whether kernel sides count (ERK)
 * @param exponent power of the score, at least 0: 1 is the rule itself, 0 the same density in every
 *     layer, between them a softer rule
 */
public record ErdosRenyi(double density, boolean kernel, double exponent) implements DensityRule {

  /** Checks density and exponent. */
  public ErdosRenyi {
    checkDensity(density);
    if (!(exponent >= 0 && exponent < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("exponent is " + exponent + "; expected at least 0");
    }
  }

  /** The rule itself, with exponent 1. */
  public ErdosRenyi(double density, boolean kernel) {
    this(density, kernel, 1);
  }

  static void checkDensity(double density) {
    if (!(density > 0 && density <= 1)) {
      throw new IllegalArgumentException("density is " + density + "; expected in (0, 1]");
    }
  }

  @Override
  public double[] densities(List<LayerShape> layers) {
    return solve(layers).densities();
  }

  /** Returns the factor that multiplies the scores of the layers that are not dense. */
  public double epsilon(List<LayerShape> layers) {
    return solve(layers).epsilon();
  }

  private record Solution(double epsilon, double[] densities) {}

  private Solution solve(List<LayerShape> layers) {
    double[] score = layers.stream().mapToDouble(this::score).toArray();
    boolean[] dense = new boolean[score.length];
    while (true) {
      double wanted = 0;
      double weight = 0;
      double highest = 0;
      for (int l = 0; l < score.length; l++) {
        long size = layers.get(l).size();
        if (dense[l]) {
          wanted -= (1 - density) * size;
        } else {
          wanted += density * size;
          weight += score[l] * size;
          highest = Math.max(highest, score[l]);
        }
      }
      double epsilon = weight == 0 ? 0 : wanted / weight;
      if (epsilon * highest <= 1) {
        double[] densities = new double[score.length];
        for (int l = 0; l < score.length; l++) {
          densities[l] = dense[l] ? 1 : epsilon * score[l];
        }
        return new Solution(epsilon, densities);
      }
      for (int l = 0; l < score.length; l++) {
        dense[l] |= score[l] == highest;
      }
    }
  }

  private double score(LayerShape layer) {
    double sides = (double) layer.inputs() + layer.outputs();
    double score =
        kernel
            ? (sides + layer.kernelHeight() + layer.kernelWidth()) / layer.size()
            : sides / ((double) layer.inputs() * layer.outputs());
    return StrictMath.pow(score, exponent);
  }
}
