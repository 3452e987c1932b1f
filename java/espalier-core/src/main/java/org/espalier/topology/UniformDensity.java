/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.topology;

import java.util.Arrays;
import java.util.List;

/**
 * The same density in every layer.
 *
 * @param density in (0, 1]
 */
public record UniformDensity(double density) implements DensityRule {

  /** Checks the density. */
  public UniformDensity {
    ErdosRenyi.checkDensity(density);
  }

  @Override
  public double[] densities(List<LayerShape> layers) {
    double[] densities = new double[layers.size()];
    Arrays.fill(densities, density);
    return densities;
  }
}
