/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.topology;

import java.util.List;

/** Spreads connections over layers. */
public interface DensityRule {

  /**
   * Returns the density of each layer, in (0, 1].
   *
   * @param layers the layers that are to be sparse, in network order
   * @throws org.espalier.UserException if the rule cannot be kept for these layers
   */
  double[] densities(List<LayerShape> layers);

  /**
   * Returns how many connections each layer gets: {@link #densities} in whole numbers, those with
   * the largest fractions rounded up until the sum over all layers is the nearest to what the
   * densities mean. No layer is left without any connection, whatever the densities say.
   */
  default long[] connections(List<LayerShape> layers) {
    return WholeConnections.connections(layers, densities(layers));
  }
}
