/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.topology;

import org.espalier.backend.Backend;
import org.espalier.sparse.SparseWeights;

/** How the connections of a layer change at an update. */
public interface TopologyRule {

  /**
   * Prunes and grows one layer.
   *
   * @param key belongs to this seed, layer and update; all random choices derive from it
   */
  TopologyChange update(Backend backend, SparseWeights weights, long key);

  /**
   * Does what the rule asks for after the last training step, or nothing.
   *
   * @return what changed; {@link TopologyChange#none} by default
   */
  default TopologyChange finish(Backend backend, SparseWeights weights) {
    return TopologyChange.none(weights);
  }

  /** Tells whether {@link #finish} removes connections, so that the run is evaluated after it. */
  default boolean changesAtFinish() {
    return false;
  }
}
