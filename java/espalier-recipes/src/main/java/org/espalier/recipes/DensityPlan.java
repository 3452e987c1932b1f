/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.recipes;

import java.util.OptionalDouble;
import java.util.function.DoubleFunction;
import org.espalier.UserException;
import org.espalier.backend.Backend;
import org.espalier.initial.Criterion;
import org.espalier.initial.GlobalMagnitude;
import org.espalier.initial.Grasp;
import org.espalier.initial.InitialPruning;
import org.espalier.initial.InitialPruning.Positions;
import org.espalier.initial.SampleSelection;
import org.espalier.initial.Snip;
import org.espalier.initial.SynFlow;
import org.espalier.nn.Loss;
import org.espalier.nn.Network;
import org.espalier.nn.NetworkBuilder;
import org.espalier.topology.Balanced;
import org.espalier.topology.DensityRule;
import org.espalier.topology.ErdosRenyi;
import org.espalier.topology.ErdosRenyiEpsilon;
import org.espalier.topology.FixedLayers;
import org.espalier.topology.FixedLayers.Budget;
import org.espalier.topology.UniformDensity;
import org.espalier.topology.UniformPlus;
import org.espalier.train.SampleSource;

/** Turns the density settings of a recipe into a rule, or into pruning before training. */
public final class DensityPlan {

  private static final String BY_RULE = "rule";

  /** As the authors of GraSP choose for ten classes. */
  private static final int SAMPLES_PER_CLASS = 10;

  private final Recipe recipe;
  private final String rule;
  private final double overall;
  private final boolean dense;
  private final boolean classifier;

  /** Reads the settings of a recipe. */
  public DensityPlan(Recipe recipe) {
    this.recipe = recipe;
    this.rule = recipe.text("density.rule");
    this.overall = new TopologySettings(recipe).startDensity();
    this.dense = recipe.text("network.connections").equals("dense");
    this.classifier = recipe.text("network.output").equals("sparse");
  }

  /**
   * Returns how connections spread over layers; for rules that score connections, a stand-in of the
   * same overall density.
   *
   * @throws UserException if settings contradict each other
   */
  DensityRule rule() {
    if (dense) {
      return new UniformDensity(1); // of no layer
    }
    OptionalDouble first = fixed("density.first");
    OptionalDouble last = fixed("density.last");
    if (last.isPresent() && !classifier) {
      throw new UserException(
          "density.last is %s but network.output is dense, so the output layer has all its connections and counts in no density; expected density.last=rule or network.output=sparse."
              .formatted(recipe.text("density.last")));
    }
    if (rule.equals("erk_plus") && classifier && last.isEmpty()) {
      last = OptionalDouble.of(1);
    }
    if (first.isEmpty() && last.isEmpty()) {
      return others().apply(overall);
    }
    if (rule.equals("uniform_plus") || scored()) {
      throw new UserException(
          "density.rule is %s, which sets the first and last layers by itself, but density.%s is %s; expected density.first=rule and density.last=rule."
              .formatted(
                  rule,
                  first.isPresent() ? "first" : "last",
                  first.isPresent() ? first.getAsDouble() : last.getAsDouble()));
    }
    boolean outside = rule.equals("epsilon") || recipe.text("density.budget").equals("outside");
    Budget budget = outside ? Budget.OUTSIDE : Budget.INSIDE;
    return new FixedLayers(first, last, budget, overall, others());
  }

  private DoubleFunction<DensityRule> others() {
    double exponent = recipe.real("density.exponent");
    return switch (rule) {
      case "epsilon" -> any -> new ErdosRenyiEpsilon(recipe.real("density.epsilon"));
      case "erdos_renyi" -> density -> new ErdosRenyi(density, false, exponent);
      case "erk", "erk_plus" -> density -> new ErdosRenyi(density, true, exponent);
      case "uniform_plus" -> density -> new UniformPlus(density, classifier);
      case "balanced" -> Balanced::new;
      default -> UniformDensity::new;
    };
  }

  private OptionalDouble fixed(String key) {
    String text = recipe.text(key);
    if (text.equals(BY_RULE)) {
      return OptionalDouble.empty();
    }
    try {
      double density = Double.parseDouble(text.strip());
      if (density > 0 && density <= 1) {
        return OptionalDouble.of(density);
      }
    } catch (NumberFormatException notNumber) {
      // falls through to the sentence
    }
    throw new UserException(
        "%s is '%s'; expected 'rule' or a number above 0 and at most 1.".formatted(key, text));
  }

  /** Tells whether the rule needs a network with all connections to score them. */
  private boolean scored() {
    return switch (rule) {
      case "global_magnitude", "snip", "grasp", "synflow" -> true;
      default -> false;
    };
  }

  /**
   * Builds the network that training starts with.
   *
   * @param builder made with this recipe
   * @param loss what training makes small
   * @param samples training samples, of which some rules look at a few
   * @throws UserException if the rule cannot be kept, or the device has not enough memory
   */
  public Network build(NetworkBuilder builder, Loss loss, SampleSource samples, Backend backend) {
    if (dense || !scored()) {
      return builder.build(backend);
    }
    Positions positions =
        recipe.text("density.positions").equals("random") ? Positions.RANDOM : Positions.SCORED;
    return new InitialPruning(criterion(builder, loss, samples), overall, positions)
        .build(builder, backend);
  }

  private Criterion criterion(NetworkBuilder builder, Loss loss, SampleSource samples) {
    long seed = recipe.whole("training.seed");
    return switch (rule) {
      case "snip" -> new Snip(SampleSelection.random(samples, builder.maxPositions(), seed), loss);
      case "grasp" ->
          new Grasp(
              builder.spec(), SampleSelection.balanced(samples, SAMPLES_PER_CLASS, seed), loss);
      case "synflow" -> SynFlow.PAPER;
      default -> new GlobalMagnitude();
    };
  }
}
