/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.recipes;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.LongStream;
import org.espalier.UserException;
import org.espalier.backend.Backend;
import org.espalier.backend.scalar.ScalarBackend;
import org.espalier.nn.Network;
import org.espalier.nn.NetworkBuilder;
import org.espalier.nn.SampleShape;
import org.espalier.train.SampleSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DensityPlanTest {

  private static final int FEATURES = 30;
  private static final int CLASSES = 3;
  private static final long HIDDEN = 30 * 20 + 20 * 40;
  private static final long OUTPUT = 40 * 3;

  private static Recipe recipe(String... settings) {
    Recipe recipe = RecipeCatalogue.find("set-mlp").with("network.hidden=[20,40]");
    for (String setting : settings) {
      recipe = recipe.with(setting);
    }
    return recipe;
  }

  private static SampleSource samples() {
    float[] rows = new float[60 * FEATURES];
    int[] labels = new int[60];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = (i * 37 % 101) / 101f;
    }
    for (int i = 0; i < labels.length; i++) {
      labels[i] = i % CLASSES;
    }
    return SampleSource.of(rows, FEATURES, labels, CLASSES);
  }

  /** Builds the network of a recipe and returns the connections of its sparse layers. */
  private static long[] counts(Recipe recipe) {
    RecipePlan plan = new RecipePlan(recipe);
    NetworkBuilder builder = plan.network(SampleShape.features(FEATURES), CLASSES, 60);
    try (Backend backend = new ScalarBackend();
        Network network = new DensityPlan(recipe).build(builder, plan.loss(), samples(), backend)) {
      return network.sparseWeights().stream().mapToLong(layer -> layer.csr().nnz()).toArray();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "erdos_renyi",
        "erk",
        "erk_plus",
        "uniform",
        "uniform_plus",
        "balanced",
        "global_magnitude",
        "snip",
        "grasp",
        "synflow"
      })
  void everyRuleKeepsTheOverallDensity(String rule) {
    String overall = "density.overall=0.613";
    Recipe dense = recipe("density.rule=" + rule, overall);
    assertEquals(Math.round(0.613 * HIDDEN), LongStream.of(counts(dense)).sum());
    Recipe sparse = dense.with("network.output=sparse");
    assertEquals(Math.round(0.613 * (HIDDEN + OUTPUT)), LongStream.of(counts(sparse)).sum());
    if (rule.equals("erk_plus")) {
      assertEquals(OUTPUT, counts(sparse)[2]);
    }
    if (rule.equals("uniform_plus")) {
      assertEquals(600, counts(sparse)[0]);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"global_magnitude", "snip", "grasp", "synflow"})
  void randomPositionsHaveTheCountsOfScoredOnes(String rule) {
    Recipe scored = recipe("density.rule=" + rule, "density.overall=0.1");
    assertArrayEquals(counts(scored), counts(scored.with("density.positions=random")));
  }

  @Test
  void firstAndLastLayersMayHaveDensitiesOfTheirOwn() {
    Recipe inside =
        recipe(
            "density.rule=uniform",
            "density.overall=0.5",
            "network.output=sparse",
            "density.first=0.7",
            "density.last=1");
    assertArrayEquals(new long[] {420, 220, 120}, counts(inside));
    assertArrayEquals(new long[] {420, 400, 120}, counts(inside.with("density.budget=outside")));
    Recipe epsilon = recipe("density.epsilon=2", "density.first=1");
    assertArrayEquals(new long[] {600, 120}, counts(epsilon));
  }

  @Test
  void theExponentSoftensErdosRenyi() {
    Recipe uniform = recipe("density.rule=erk", "density.exponent=0", "density.overall=0.1");
    assertArrayEquals(new long[] {60, 80}, counts(uniform));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "density.first=most | density.first is 'most'; expected 'rule' or a number above 0",
        "density.first=0 | density.first is '0'; expected 'rule' or a number above 0",
        "density.last=1.5 | density.last is '1.5'",
        "density.last=NaN | density.last is 'NaN'",
        "density.last=0.5 | network.output is dense",
      })
  void aWrongLayerDensityIsExplained(String assignment, String words) {
    Recipe recipe = recipe(assignment);
    var error = assertThrows(UserException.class, () -> counts(recipe));
    assertTrue(error.getMessage().contains(words), error.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"uniform_plus", "snip", "synflow"})
  void rulesThatDecideAboutTheFirstLayerRefuseADensityForIt(String rule) {
    Recipe recipe = recipe("density.rule=" + rule, "density.first=0.5");
    var error = assertThrows(UserException.class, () -> counts(recipe));
    assertTrue(error.getMessage().contains("density.rule is " + rule), error.getMessage());
    assertTrue(error.getMessage().contains("density.first is 0.5"), error.getMessage());
  }

  @Test
  void aBudgetThatCannotBeKeptIsExplained() {
    Recipe recipe = recipe("density.rule=uniform_plus", "density.overall=0.1");
    var error = assertThrows(UserException.class, () -> counts(recipe));
    assertTrue(error.getMessage().contains("'linear1' of 20 x 30"), error.getMessage());
  }
}
