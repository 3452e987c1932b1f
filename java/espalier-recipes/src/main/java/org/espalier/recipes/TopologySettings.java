/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.recipes;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.espalier.UserException;
import org.espalier.backend.PruneScore;
import org.espalier.topology.DropFraction;
import org.espalier.topology.GradualPruning;
import org.espalier.topology.GrowthCriterion;
import org.espalier.topology.InOrder;
import org.espalier.topology.PruneAndGrow;
import org.espalier.topology.PruneAndGrow.NewWeights;
import org.espalier.topology.PruneCriterion;
import org.espalier.topology.PruneScope;
import org.espalier.topology.Redistribution;
import org.espalier.topology.TopologyRule;
import org.espalier.topology.UpdateSchedule;
import org.espalier.train.TopologyPlan;

/** The settings of a recipe that say how connections change. */
final class TopologySettings {

  private final Recipe recipe;

  TopologySettings(Recipe recipe) {
    this.recipe = recipe;
  }

  /** Returns what changes and when, or nothing for a fixed topology. */
  Optional<TopologyPlan> plan() {
    if (is("network.connections", "dense")) {
      return Optional.empty();
    }
    List<TopologyRule> rules = new ArrayList<>();
    if (ramp()) {
      rules.add(gradualPruning());
    }
    if (is("topology.update", "prune_and_grow")) {
      rules.add(pruneAndGrow());
    }
    if (rules.isEmpty()) {
      return Optional.empty();
    }
    TopologyRule rule = rules.size() == 1 ? rules.get(0) : new InOrder(rules);
    int batches = recipe.count("topology.gradient_batches");
    return Optional.of(new TopologyPlan(rule, schedule(), batches));
  }

  /** Returns the overall density that training starts with. */
  double startDensity() {
    return recipe.real(ramp() ? "topology.ramp_start" : "density.overall");
  }

  private boolean ramp() {
    return is("topology.ramp", "cubic");
  }

  private boolean is(String key, String word) {
    return recipe.text(key).equals(word);
  }

  private GradualPruning gradualPruning() {
    double start = recipe.real("topology.ramp_start");
    double end = recipe.real("density.overall");
    double from = recipe.real("topology.ramp_from");
    double until = recipe.real("topology.ramp_until");
    if (is("density.rule", "epsilon")) {
      throw new UserException(
          "topology.ramp is cubic and density.rule is epsilon, which has no density.overall to end at; expected another rule.");
    }
    if (end > start) {
      throw new UserException(
          "topology.ramp_start is %s, below density.overall, %s; expected at least as much."
              .formatted(start, end));
    }
    if (from >= until) {
      throw new UserException(
          "topology.ramp_from is %s, topology.ramp_until %s; expected the ramp to start before it ends."
              .formatted(from, until));
    }
    return new GradualPruning(
        new PruneCriterion.Magnitude(), scope("topology.ramp_scope"), start, end, from, until);
  }

  private PruneAndGrow pruneAndGrow() {
    if (is("topology.prune", "signwise") && is("topology.scope", "global")) {
      throw new UserException(
          "topology.prune is signwise and topology.scope global; expected scope=layer, or another criterion such as magnitude.");
    }
    return new PruneAndGrow(
        criterion(),
        scope("topology.scope"),
        dropFraction(),
        growth(),
        Redistribution.valueOf(recipe.word("topology.redistribute")),
        NewWeights.valueOf(recipe.word("topology.new_weights")),
        recipe.flag("topology.keep_regrown"),
        recipe.flag("topology.remove_at_end"));
  }

  private PruneCriterion criterion() {
    return switch (recipe.text("topology.prune")) {
      case "signwise" -> new PruneCriterion.Signwise();
      case "magnitude" -> new PruneCriterion.Magnitude();
      case "mest" ->
          new PruneCriterion.Scored(
              new PruneScore(
                  PruneScore.Kind.MAGNITUDE_AND_GRADIENT,
                  (float) recipe.real("topology.gradient_weight")));
      default ->
          new PruneCriterion.Scored(
              PruneScore.of(PruneScore.Kind.valueOf(recipe.word("topology.prune"))));
    };
  }

  private PruneScope scope(String key) {
    return is(key, "global")
        ? new PruneScope(true, recipe.real("topology.least_fan_in"))
        : PruneScope.LAYER;
  }

  private DropFraction dropFraction() {
    double first = recipe.real("topology.drop_fraction");
    double last = recipe.real("topology.drop_last");
    return switch (recipe.text("topology.drop_schedule")) {
      case "cosine" -> new DropFraction.Cosine(first, last);
      case "linear" -> new DropFraction.Power(first, last, 1);
      case "exponential" -> new DropFraction.Power(first, last, recipe.real("topology.drop_power"));
      default -> new DropFraction.Constant(first);
    };
  }

  private GrowthCriterion growth() {
    return switch (recipe.text("topology.grow")) {
      case "gradient" -> new GrowthCriterion.Gradient();
      case "momentum" -> new GrowthCriterion.Momentum(recipe.real("optimizer.momentum"));
      case "unfired" -> new GrowthCriterion.Unfired();
      case "mixed" -> new GrowthCriterion.Mixed(recipe.real("topology.gradient_share"));
      default -> new GrowthCriterion.Random();
    };
  }

  private UpdateSchedule schedule() {
    return new UpdateSchedule(
        UpdateSchedule.Unit.valueOf(recipe.word("topology.unit")),
        recipe.count("topology.every"),
        recipe.real("topology.until"));
  }
}
