/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.plasticity;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.espalier.topology.DropFraction;
import org.espalier.topology.GrowthCriterion;
import org.espalier.topology.InOrder;
import org.espalier.topology.OneShotPruning;
import org.espalier.topology.PruneAndGrow;
import org.espalier.topology.PruneAndGrow.NewWeights;
import org.espalier.topology.PruneCriterion;
import org.espalier.topology.PruneScope;
import org.espalier.topology.Redistribution;
import org.espalier.topology.TopologyRule;

/**
 * The ways to prune that are compared, all by magnitude: each layer the same share ("uniform") or
 * all layers together ("global"), alone or followed by regeneration.
 */
public enum PruningMethod {
  /** Each layer the same share. */
  UNIFORM("uniform", PruneScope.LAYER, null),
  /** The same, then growth where gradients are largest. */
  UNIFORM_GRADIENT("uniform, regrow by gradient", PruneScope.LAYER, new GrowthCriterion.Gradient()),
  /** The same, then growth anywhere. */
  UNIFORM_RANDOM("uniform, regrow at random", PruneScope.LAYER, new GrowthCriterion.Random()),
  /** All layers together; each keeps a connection for each output on average. */
  GLOBAL("global", PruneScope.GLOBAL, null),
  /** The same, then growth where gradients are largest. */
  GLOBAL_GRADIENT("global, regrow by gradient", PruneScope.GLOBAL, new GrowthCriterion.Gradient()),
  /** The same, then growth anywhere. */
  GLOBAL_RANDOM("global, regrow at random", PruneScope.GLOBAL, new GrowthCriterion.Random());

  private static final PruneCriterion MAGNITUDE = new PruneCriterion.Magnitude();

  private final String title;
  private final PruneScope scope;
  private final GrowthCriterion growth;

  PruningMethod(String title, PruneScope scope, GrowthCriterion growth) {
    this.title = title;
    this.scope = scope;
    this.growth = growth;
  }

  /** Returns what the method is called. */
  public String title() {
    return title;
  }

  /** Returns where connections are regenerated, if any are. */
  Optional<GrowthCriterion> growth() {
    return Optional.ofNullable(growth);
  }

  /**
   * Returns the rule that prunes once, and regenerates if this method does. Regenerated connections
   * start at zero and without momentum, those that were pruned a moment ago too.
   *
   * @param remove share of the connections to prune
   * @param exchange if given, this share of what is left of each layer is pruned as well, and as
   *     many are grown; otherwise each layer grows as many as it lost
   */
  TopologyRule rule(double remove, OptionalDouble exchange) {
    OneShotPruning pruning = new OneShotPruning(MAGNITUDE, scope, remove);
    if (growth == null) {
      return pruning;
    }
    return exchange.isPresent()
        ? new InOrder(List.of(pruning, regrowing(PruneScope.LAYER, exchange.getAsDouble())))
        : regrowing(scope, remove);
  }

  private PruneAndGrow regrowing(PruneScope among, double share) {
    return new PruneAndGrow(
        MAGNITUDE,
        among,
        new DropFraction.Constant(share),
        growth,
        Redistribution.NONE,
        NewWeights.ZERO,
        false,
        false);
  }
}
