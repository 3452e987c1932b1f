/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.topology;

import java.util.List;

/** Spreads connections over layers. */
public interface DensityRule {

  /**
   * Returns the density of each layer, in (0, 1].
   *
   * @param layers the layers that are to be sparse, in network order
   */
  double[] densities(List<LayerShape> layers);
}
