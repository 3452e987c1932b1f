/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.topology;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * As many connections in one layer as in another (Gadhikar et al., Why random pruning is all we
 * need to start sparse, 2023). Layers too small for their share are dense, and the others share
 * what they leave, exactly.
 *
 * @param density of all layers together, in (0, 1]
 */
public record Balanced(double density) implements DensityRule {

  /** Checks the density. */
  public Balanced {
    ErdosRenyi.checkDensity(density);
  }

  @Override
  public double[] densities(List<LayerShape> layers) {
    double left = density * layers.stream().mapToLong(LayerShape::size).sum();
    double[] densities = new double[layers.size()];
    List<Integer> smallestFirst =
        IntStream.range(0, densities.length)
            .boxed()
            .sorted(Comparator.comparingLong(l -> layers.get(l).size()))
            .toList();
    for (int i = 0; i < densities.length; i++) {
      int layer = smallestFirst.get(i);
      long size = layers.get(layer).size();
      double connections = Math.min(size, left / (densities.length - i));
      densities[layer] = connections / size;
      left -= connections;
    }
    return densities;
  }
}
