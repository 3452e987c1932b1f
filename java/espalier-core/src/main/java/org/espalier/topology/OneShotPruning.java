/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.topology;

import java.util.ArrayList;
import java.util.List;

/**
 * Removes a share of the connections at every update and grows none.
 *
 * @param criterion what is pruned
 * @param scope among which connections
 * @param fraction share of the connections that are there, in [0, 1]; rounded up in each layer
 */
public record OneShotPruning(PruneCriterion criterion, PruneScope scope, double fraction)
    implements TopologyRule {

  /** Checks the fraction and that the criterion works in the scope. */
  public OneShotPruning {
    if (!(fraction >= 0 && fraction <= 1)) {
      throw new IllegalArgumentException("pruning a share of " + fraction + "; expected in [0, 1]");
    }
    scope.check(criterion);
  }

  @Override
  public boolean needsGradients() {
    return criterion.needsGradients();
  }

  @Override
  public List<TopologyChange> update(TopologyUpdate update) {
    List<TopologyChange> changes = new ArrayList<>();
    try (Pruning pruning = Pruning.fraction(update, criterion, scope, fraction)) {
      pruning.remove(changes);
    }
    return changes;
  }
}
