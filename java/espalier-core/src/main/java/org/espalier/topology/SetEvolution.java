/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.topology;

import org.espalier.backend.Backend;
import org.espalier.sparse.Keys;
import org.espalier.sparse.SparseWeights;
import org.espalier.sparse.ValueRule;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.ElementType;

/**
 * Sparse evolutionary training (Mocanu et al. 2018): drop the fraction of the positive weights
 * nearest to zero and, separately, of the negative ones; grow as many at random; after the last
 * epoch only drop. Survivors keep their optimizer state, new connections start without.
 *
 * @param dropFraction zeta of the paper, in [0, 1]
 * @param newWeights what a grown connection starts with
 * @param keepRegrown whether a connection dropped and grown again in one update keeps its value
 * @param removeAtEnd whether {@link #finish} drops once more without growing
 */
public record SetEvolution(
    double dropFraction, NewWeights newWeights, boolean keepRegrown, boolean removeAtEnd)
    implements TopologyRule {

  /** What a grown connection starts with. */
  public enum NewWeights {
    /** A draw from the layer's initial distribution, as the authors' sparse code does. */
    INITIAL,
    /** Zero, as the masked implementations do. */
    ZERO
  }

  /** Checks the fraction. */
  public SetEvolution {
    if (!(dropFraction >= 0 && dropFraction <= 1)) {
      throw new IllegalArgumentException(
          "drop fraction is " + dropFraction + "; expected in [0, 1]");
    }
  }

  /** Returns the paper's rule: zeta 0.3, new weights drawn afresh, removal only at the end. */
  public static SetEvolution paper() {
    return new SetEvolution(0.3, NewWeights.INITIAL, false, true);
  }

  @Override
  public TopologyChange update(Backend backend, SparseWeights weights, long key) {
    int nnz = weights.csr().nnz();
    try (DeviceBuffer keep = backend.memory().allocate(ElementType.INT32, nnz)) {
      int pruned = backend.topology().pruneSignwise(weights.csr(), dropFraction, keep);
      try (DeviceBuffer positions = backend.memory().allocate(ElementType.INT64, pruned)) {
        ValueRule initial =
            newWeights == NewWeights.ZERO ? ValueRule.ZEROS : weights.initialValues();
        backend.topology().growRandom(weights.csr(), keep, pruned, Keys.hash(key, 0), positions);
        backend
            .topology()
            .rebuild(weights, keep, positions, pruned, initial, Keys.hash(key, 1), keepRegrown);
      }
      return new TopologyChange(weights.name(), pruned, pruned, weights.csr().nnz());
    }
  }

  @Override
  public TopologyChange finish(Backend backend, SparseWeights weights) {
    if (!removeAtEnd) {
      return TopologyChange.none(weights);
    }
    try (DeviceBuffer keep = backend.memory().allocate(ElementType.INT32, weights.csr().nnz())) {
      int pruned = backend.topology().pruneSignwise(weights.csr(), dropFraction, keep);
      backend.topology().rebuild(weights, keep, null, 0, ValueRule.ZEROS, 0, false);
      return new TopologyChange(weights.name(), pruned, 0, weights.csr().nnz());
    }
  }

  @Override
  public boolean changesAtFinish() {
    return removeAtEnd;
  }
}
