/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.train;

import java.util.List;
import org.espalier.nn.Network;

/**
 * How many connections a sparse layer has.
 *
 * @param layer the layer's name
 * @param outputs its neurons
 * @param inputs its inputs
 * @param nnz its connections
 */
public record LayerConnections(String layer, int outputs, int inputs, int nnz) {

  /** Returns the share of the layer's cells that are connections. */
  public double density() {
    return nnz / ((double) outputs * inputs);
  }

  /** Returns the sparse layers of a network, input first. */
  public static List<LayerConnections> of(Network network) {
    return network.sparseWeights().stream()
        .map(
            weights ->
                new LayerConnections(
                    weights.name(),
                    weights.csr().rows(),
                    weights.csr().columns(),
                    weights.csr().nnz()))
        .toList();
  }
}
