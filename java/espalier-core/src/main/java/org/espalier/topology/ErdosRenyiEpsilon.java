/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.topology;

import java.util.List;

/**
 * Erdos-Renyi by epsilon: {@code epsilon * (inputs + outputs)} connections in a layer, at most all
 * of them (Mocanu et al., Scalable training of artificial neural networks with adaptive sparse
 * connectivity inspired by network science, 2018, eq. 1).
 *
 * @param epsilon connections per neuron; above 0
 */
public record ErdosRenyiEpsilon(double epsilon) implements DensityRule {

  /** Checks epsilon. */
  public ErdosRenyiEpsilon {
    if (!(epsilon > 0 && epsilon < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("epsilon is " + epsilon + "; expected above 0");
    }
  }

  @Override
  public double[] densities(List<LayerShape> layers) {
    return layers.stream()
        .mapToDouble(
            layer -> Math.min(1, epsilon * (layer.inputs() + layer.outputs()) / layer.size()))
        .toArray();
  }
}
