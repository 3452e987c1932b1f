/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.topology;

import java.util.ArrayList;
import java.util.List;

/**
 * Gradual pruning: the density of all sparse layers together falls to a target along a cubic,
 * {@code d(t) = end + (start - end) (1 - t)^3} (Zhu and Gupta 2017). By magnitude over all layers
 * it is GMP, and with {@link PruneAndGrow} after it GraNet (Liu et al. 2021).
 *
 * <p>The last update of the ramp hits the target exactly, to the nearest connection.
 *
 * @param criterion what is pruned
 * @param scope among which connections; layer by layer all lose the same share
 * @param startDensity of all sparse layers together at the start, in (0, 1]
 * @param endDensity at the end, in (0, startDensity]
 * @param from share of the run at which the ramp starts, in [0, 1)
 * @param until share of the run at which it ends, in (from, 1]
 */
public record GradualPruning(
    PruneCriterion criterion,
    PruneScope scope,
    double startDensity,
    double endDensity,
    double from,
    double until)
    implements TopologyRule {

  /** Checks the numbers. */
  public GradualPruning {
    if (!(endDensity > 0 && endDensity <= startDensity && startDensity <= 1)) {
      throw new IllegalArgumentException(
          "density ramp from %s to %s; expected 0 < end <= start <= 1"
              .formatted(startDensity, endDensity));
    }
    if (!(from >= 0 && from < until && until <= 1)) {
      throw new IllegalArgumentException(
          "density ramp from %s to %s of the run; expected 0 <= from < until <= 1"
              .formatted(from, until));
    }
    if (criterion instanceof PruneCriterion.Signwise) {
      throw new IllegalArgumentException("gradual pruning by sign; expected another criterion");
    }
  }

  /** Returns the density that is due at a moment of a run. */
  double density(RunMoment moment) {
    double end = Math.max(from, moment.lastUpdate(until));
    if (moment.share() >= end) {
      return endDensity;
    }
    double left = Math.min(1, (end - moment.share()) / (end - from));
    return endDensity + (startDensity - endDensity) * left * left * left;
  }

  @Override
  public boolean needsGradients() {
    return criterion.needsGradients();
  }

  @Override
  public List<TopologyChange> update(TopologyUpdate update) {
    List<TopologyChange> changes = new ArrayList<>();
    long target = Math.round(density(update.moment()) * update.cells());
    long count = Math.max(0, update.connections() - target);
    try (Pruning pruning = Pruning.count(update, criterion, scope, count)) {
      pruning.remove(changes);
    }
    return changes;
  }
}
