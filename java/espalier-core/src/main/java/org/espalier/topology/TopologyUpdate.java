/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.topology;

import java.util.List;
import org.espalier.backend.Backend;
import org.espalier.sparse.SparseWeights;
import org.espalier.tensor.Tensor;

/**
 * One update of a network's connections: what a rule has to work with.
 *
 * @param layers the sparse layers, input first
 * @param memory what rules keep between updates
 * @param moment when it happens
 */
public record TopologyUpdate(
    Backend backend, List<Layer> layers, TopologyMemory memory, RunMoment moment) {

  /**
   * A layer to update.
   *
   * @param weights its connections
   * @param key belongs to this seed, layer and update; all random choices derive from it
   * @param x inputs of a batch, or null if no rule asked for gradients
   * @param dy gradients of the layer's product for this batch, or null
   */
  public record Layer(SparseWeights weights, long key, Tensor x, Tensor dy) {}

  /** Copies the list. */
  public TopologyUpdate {
    layers = List.copyOf(layers);
  }

  /** Returns the update of a single layer outside a run, without a batch. */
  public static TopologyUpdate of(
      Backend backend, TopologyMemory memory, SparseWeights weights, long key) {
    return new TopologyUpdate(
        backend, List.of(new Layer(weights, key, null, null)), memory, RunMoment.START);
  }

  /** Returns the number of connections of all layers. */
  long connections() {
    return layers.stream().mapToLong(layer -> layer.weights().csr().nnz()).sum();
  }

  /** Returns the number of cells of all layers. */
  long cells() {
    return layers.stream().mapToLong(layer -> layer.weights().csr().cells()).sum();
  }
}
