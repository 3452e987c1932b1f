/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.recipes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.espalier.UserException;
import org.espalier.backend.Backend;
import org.espalier.backend.Backends;
import org.espalier.nn.Network;
import org.espalier.nn.SampleShape;
import org.espalier.sparse.SparseWeights;
import org.espalier.topology.DropFraction;
import org.espalier.topology.GradualPruning;
import org.espalier.topology.GrowthCriterion;
import org.espalier.topology.InOrder;
import org.espalier.topology.PruneAndGrow;
import org.espalier.topology.PruneCriterion;
import org.espalier.topology.Redistribution;
import org.espalier.train.SampleSource;
import org.espalier.train.Trainer;
import org.espalier.train.TrainingListener;
import org.espalier.train.TrainingPlan;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TopologyFamilyTest {

  private static final int FEATURES = 30;
  private static final int CLASSES = 3;
  private static final int CELLS = 30 * 25 + 25 * 20 + 20 * 3;

  private static Recipe recipe(String name, String... settings) {
    Recipe recipe =
        RecipeCatalogue.find(name)
            .with("network.hidden=[25,20]")
            .with("density.overall=0.1")
            .with("training.batch_size=10")
            .with("training.epochs=6");
    for (String setting : settings) {
      recipe = recipe.with(setting);
    }
    return recipe;
  }

  private static SampleSource samples() {
    float[] rows = new float[60 * FEATURES];
    int[] labels = new int[60];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = i % CLASSES;
      for (int f = 0; f < FEATURES; f++) {
        rows[i * FEATURES + f] =
            (f % CLASSES == labels[i] ? 1 : 0) + (i * 37 + f * 11) % 101 / 101f;
      }
    }
    return SampleSource.of(rows, FEATURES, labels, CLASSES);
  }

  /** What a run did: connections of all layers after each update, and the bits at the end. */
  private record Run(List<Integer> nnz, long active, double flops, List<String> bits) {}

  private static Run train(Recipe recipe, int threads) {
    List<Integer> nnz = new ArrayList<>();
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void onTopologyUpdate(TopologyReport report) {
            nnz.add(report.changes().stream().mapToInt(change -> change.nnz()).sum());
          }
        };
    RecipePlan plan = new RecipePlan(recipe);
    try (Backend backend = Backends.open("cpu-portable", threads);
        Network network =
            plan.network(SampleShape.features(FEATURES), CLASSES, 60).build(backend)) {
      TrainingPlan training = plan.training(60);
      double flops = new Trainer(network, training, listener).fit(samples(), samples()).flops();
      List<String> bits = new ArrayList<>();
      for (SparseWeights weights : network.sparseWeights()) {
        int count = weights.csr().nnz();
        bits.add(Arrays.toString(backend.memory().ints(weights.csr().column(), count)));
        bits.add(Arrays.toString(backend.memory().floats(weights.csr().values(), count)));
      }
      return new Run(nnz, network.activeWeights(), flops, bits);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "static-mlp",
        "rigl-mlp",
        "snfs-mlp",
        "set-itop-mlp",
        "rigl-itop-mlp",
        "mest-mlp",
        "gmp-mlp",
        "granet-mlp",
        "granet-sparse-mlp"
      })
  void everyMethodEndsAtItsDensityExactlyAndOnAnyNumberOfThreadsWithTheSameBits(String name) {
    Recipe recipe = recipe(name);
    if (recipe.text("topology.unit").equals("steps")) {
      recipe = recipe.with("topology.every=4");
    }
    Run run = train(recipe, 1);
    assertEquals(Math.round(0.1 * CELLS), run.active());
    assertEquals(run, train(recipe, 3));
    if (name.equals("static-mlp")) {
      assertTrue(run.nnz().isEmpty());
      return;
    }
    assertTrue(run.nnz().size() >= 4, run.nnz() + "");
    for (int i = 1; i < run.nnz().size(); i++) {
      boolean falls = run.nnz().get(i) < run.nnz().get(i - 1);
      boolean ramp = recipe.text("topology.ramp").equals("cubic");
      assertTrue(falls ? ramp : run.nnz().get(i).equals(run.nnz().get(i - 1)), run.nnz() + "");
    }
    assertNotEquals(run.bits(), train(recipe.with("training.seed=2"), 1).bits());
  }

  @Test
  void operationsAreCounted() {
    Run fixed = train(recipe("static-mlp"), 1);
    assertEquals(60.0 * 6 * 3 * 2 * fixed.active(), fixed.flops());
    Run rigl = train(recipe("rigl-mlp", "topology.every=10", "topology.until=1"), 1);
    // updates after steps 10, 20 and 30 of 36, each with the dense gradient of a batch of ten
    double update = 10 * (2 * 2.0 * fixed.active() + 2 * CELLS);
    assertEquals(fixed.flops() + 3 * update, rigl.flops());
  }

  @Test
  void gradientsOfSeveralBatchesGoThroughAtOnce() {
    Recipe recipe = recipe("rigl-mlp", "topology.every=10", "topology.gradient_batches=4");
    assertEquals(
        40,
        new RecipePlan(recipe).network(SampleShape.features(FEATURES), CLASSES, 60).maxPositions());
    assertEquals(math(recipe), train(recipe, 2).active());
    assertEquals(
        60,
        new RecipePlan(recipe("rigl-mlp", "topology.gradient_batches=9"))
            .network(SampleShape.features(FEATURES), CLASSES, 60)
            .maxPositions());
  }

  private static long math(Recipe recipe) {
    return Math.round(recipe.real("density.overall") * CELLS);
  }

  @Test
  void namesMeanWhatThePapersMean() {
    PruneAndGrow rigl = (PruneAndGrow) rule("rigl-mlp");
    assertInstanceOf(PruneCriterion.Magnitude.class, rigl.criterion());
    assertInstanceOf(GrowthCriterion.Gradient.class, rigl.growth());
    assertEquals(new DropFraction.Cosine(0.3, 0), rigl.fraction());
    PruneAndGrow snfs = (PruneAndGrow) rule("snfs-mlp");
    assertEquals(new GrowthCriterion.Momentum(0.9), snfs.growth());
    assertEquals(Redistribution.MOMENTUM, snfs.redistribution());
    GradualPruning gmp = (GradualPruning) rule("gmp-mlp");
    assertTrue(gmp.scope().global());
    assertEquals(1, gmp.startDensity());
    InOrder granet = (InOrder) rule("granet-sparse-mlp");
    assertEquals(0.5, ((GradualPruning) granet.rules().get(0)).startDensity());
    PruneAndGrow regeneration = (PruneAndGrow) granet.rules().get(1);
    assertEquals(new DropFraction.Cosine(0.5, 0.005), regeneration.fraction());
    assertTrue(regeneration.keepRegrown());
  }

  private static Object rule(String name) {
    return new TopologySettings(RecipeCatalogue.find(name)).plan().orElseThrow().rule();
  }

  @Test
  void theDenseTwinHasAllConnectionsAndNoTopology() {
    Recipe twin = recipe("granet-mlp").denseTwin();
    Run run = train(twin, 1);
    assertEquals(CELLS, run.active());
    assertTrue(run.nnz().isEmpty() && run.bits().isEmpty());
    assertEquals(recipe("rigl-mlp").denseTwin().values(), twin.values());
  }

  @ParameterizedTest
  @CsvSource({
    "topology.scope=global topology.prune=signwise, topology.prune is signwise and topology.scope global",
    "topology.ramp=cubic density.rule=epsilon, topology.ramp is cubic and density.rule is epsilon",
    "topology.ramp=cubic topology.ramp_start=0.05, topology.ramp_start is 0.05",
    "topology.ramp=cubic topology.ramp_from=0.6, topology.ramp_from is 0.6"
  })
  void settingsThatContradictEachOtherAreNamed(String settings, String words) {
    Recipe recipe = recipe("rigl-mlp", settings.split(" "));
    UserException refused =
        assertThrows(UserException.class, () -> new TopologySettings(recipe).plan());
    assertTrue(refused.getMessage().startsWith(words), refused.getMessage());
  }
}
