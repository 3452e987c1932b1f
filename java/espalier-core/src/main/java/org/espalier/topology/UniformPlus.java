/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.topology;

import java.util.List;
import java.util.OptionalDouble;

/**
 * Uniform, but for a dense first layer and a classifier of density 0.2 or more (Gale et al., The
 * state of sparsity in deep neural networks, 2019), so that all layers together have the asked
 * density.
 *
 * @param density of all layers together, in (0, 1]
 * @param classifier whether the last of the layers is the classifier
 */
public record UniformPlus(double density, boolean classifier) implements DensityRule {

  private static final double LEAST_OF_CLASSIFIER = 0.2;

  /** Checks the density. */
  public UniformPlus {
    ErdosRenyi.checkDensity(density);
  }

  @Override
  public double[] densities(List<LayerShape> layers) {
    double[] densities = fixed(OptionalDouble.empty()).densities(layers);
    int last = densities.length - 1;
    if (classifier && last > 0 && densities[last] < LEAST_OF_CLASSIFIER) {
      return fixed(OptionalDouble.of(LEAST_OF_CLASSIFIER)).densities(layers);
    }
    return densities;
  }

  private FixedLayers fixed(OptionalDouble last) {
    return new FixedLayers(
        OptionalDouble.of(1), last, FixedLayers.Budget.INSIDE, density, UniformDensity::new);
  }
}
