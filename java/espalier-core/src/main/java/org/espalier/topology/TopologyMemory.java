/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.topology;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.espalier.sparse.SparseWeights;

/**
 * What rules keep from one update to the next: for each layer sets of positions, with numbers on
 * them if wanted, as sparse weights. It belongs to a run and goes into its checkpoints.
 */
public final class TopologyMemory implements AutoCloseable {

  private final Map<String, SparseWeights> sets = new LinkedHashMap<>();

  /** Returns a set of a layer, if it is kept. */
  public Optional<SparseWeights> find(String layer, String set) {
    return Optional.ofNullable(sets.get(name(layer, set)));
  }

  /** Keeps a set, whose ownership passes here, in place of the one before. */
  public void put(String layer, String set, SparseWeights positions) {
    SparseWeights before = sets.put(name(layer, set), positions);
    if (before != null) {
      before.close();
    }
  }

  /** Returns all sets by name (layer, a dot, set), in the order they were first kept. */
  public Map<String, SparseWeights> all() {
    return Collections.unmodifiableMap(sets);
  }

  private static String name(String layer, String set) {
    return layer + "." + set;
  }

  @Override
  public void close() {
    sets.values().forEach(SparseWeights::close);
    sets.clear();
  }
}
