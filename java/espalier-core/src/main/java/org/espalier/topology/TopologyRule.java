/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.topology;

import java.util.List;
import org.espalier.backend.Backend;
import org.espalier.sparse.SparseWeights;
import org.espalier.tensor.Tensor;

/**
 * How the connections of a network change at an update. A rule is a value: what it has to remember
 * from one update to the next is in {@link TopologyMemory}.
 */
public interface TopologyRule {

  /**
   * Changes the connections.
   *
   * @return what happened to each layer, in their order
   */
  List<TopologyChange> update(TopologyUpdate update);

  /** Tells whether updates need the activations and gradients of a batch at hand. */
  default boolean needsGradients() {
    return false;
  }

  /** Tells whether updates compute the gradient of all cells rather than of connections only. */
  default boolean growsByGradient() {
    return false;
  }

  /** Tells whether {@link #observe} wants to see the steps between updates. */
  default boolean observes() {
    return false;
  }

  /**
   * Looks at a training step.
   *
   * @param weights of one layer
   * @param x input of the layer
   * @param dy gradient of its product
   * @return the floating-point operations it took
   */
  default double observe(
      Backend backend, TopologyMemory memory, SparseWeights weights, Tensor x, Tensor dy) {
    return 0;
  }

  /**
   * Does what the rule asks for after the last training step.
   *
   * @return what happened to each layer; nothing by default
   */
  default List<TopologyChange> finish(TopologyUpdate update) {
    return update.layers().stream().map(layer -> TopologyChange.none(layer.weights())).toList();
  }

  /** Tells whether {@link #finish} removes connections, so that the run is evaluated after it. */
  default boolean changesAtFinish() {
    return false;
  }
}
