/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.topology;

import org.espalier.sparse.SparseWeights;

/**
 * What an update did to a layer.
 *
 * @param layer the layer's name
 * @param pruned connections removed
 * @param grown connections added
 * @param nnz connections afterwards
 */
public record TopologyChange(String layer, int pruned, int grown, int nnz) {

  /** Returns the change that changes nothing. */
  public static TopologyChange none(SparseWeights weights) {
    return new TopologyChange(weights.name(), 0, 0, weights.csr().nnz());
  }

  /** Returns what was done to a layer as it is now. */
  static TopologyChange of(SparseWeights weights, long pruned, long grown) {
    return new TopologyChange(weights.name(), (int) pruned, (int) grown, weights.csr().nnz());
  }

  /** Returns this change and another one of the same layer after it. */
  TopologyChange then(TopologyChange next) {
    return new TopologyChange(layer, pruned + next.pruned, grown + next.grown, next.nnz);
  }
}
