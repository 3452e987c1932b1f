/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.topology;

import java.util.List;

/**
 * Connections counted elsewhere, such as those a criterion kept.
 *
 * @param counts connections of each layer, at least 1
 */
public record LayerCounts(List<Long> counts) implements DensityRule {

  /** Keeps a copy. */
  public LayerCounts {
    counts = List.copyOf(counts);
  }

  @Override
  public double[] densities(List<LayerShape> layers) {
    double[] densities = new double[layers.size()];
    long[] exact = connections(layers);
    for (int l = 0; l < densities.length; l++) {
      densities[l] = exact[l] / (double) layers.get(l).size();
    }
    return densities;
  }

  @Override
  public long[] connections(List<LayerShape> layers) {
    if (layers.size() != counts.size()) {
      throw new IllegalArgumentException(
          "counts of %d layers for %d".formatted(counts.size(), layers.size()));
    }
    return counts.stream().mapToLong(Long::longValue).toArray();
  }
}
