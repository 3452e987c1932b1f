/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.train;

import java.util.List;
import org.espalier.backend.Memory;
import org.espalier.nn.Network;
import org.espalier.sparse.CsrMatrix;
import org.espalier.sparse.SparseWeights;
import org.espalier.sparse.ValueRule;
import org.espalier.topology.TopologyMemory;

/**
 * Moves what topology rules remember between the device and a {@link State}: a set of a layer under
 * {@code topology.LAYER.SET}, as {@link NetworkState} keeps sparse weights.
 */
final class TopologyMemoryState {

  private static final String PREFIX = "topology.";

  private TopologyMemoryState() {}

  static void save(Memory device, TopologyMemory memory, State state) {
    memory
        .all()
        .forEach(
            (set, weights) -> {
              state.put(PREFIX + set, weights.state().size());
              NetworkState.save(device, PREFIX + set, weights, true, state);
            });
  }

  /** Takes up what was saved for the layers of a network. */
  static void restore(Network network, State state, TopologyMemory memory) {
    for (SparseWeights layer : network.sparseWeights()) {
      String prefix = PREFIX + layer.name() + ".";
      List<String> sets =
          state.values().keySet().stream()
              .filter(name -> name.startsWith(prefix) && name.indexOf('.', prefix.length()) < 0)
              .map(name -> name.substring(prefix.length()))
              .toList();
      for (String set : sets) {
        memory.put(layer.name(), set, restored(network, layer, prefix + set, state));
      }
    }
  }

  private static SparseWeights restored(
      Network network, SparseWeights layer, String name, State state) {
    Memory device = network.backend().memory();
    CsrMatrix csr = NetworkState.csr(device, name, layer.csr(), state);
    SparseWeights weights = new SparseWeights(layer.name(), csr, ValueRule.ZEROS);
    for (int i = 0; i < state.number(name); i++) {
      weights.addState(device.of(state.floats(NetworkState.stateName(name, i), csr.nnz())));
    }
    return weights;
  }
}
