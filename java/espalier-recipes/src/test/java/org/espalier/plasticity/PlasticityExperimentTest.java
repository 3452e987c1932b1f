/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.plasticity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import org.espalier.UserException;
import org.espalier.backend.scalar.ScalarBackend;
import org.espalier.nn.Network;
import org.espalier.nn.NetworkBuilder;
import org.espalier.nn.NetworkSpec;
import org.espalier.nn.WeightInit;
import org.espalier.topology.UniformDensity;
import org.espalier.train.TrainingListener;
import org.junit.jupiter.api.Test;

class PlasticityExperimentTest {

  private static final OptionalDouble AS_PRUNED = OptionalDouble.empty();
  private static final int CELLS = 12 * 20 + 20 * 3;

  @Test
  void pruningRemovesItsShareAndRegenerationRestoresTheNumber() {
    List<PlasticityPoint> points =
        SmallExperiment.run(1, SmallExperiment.request(AS_PRUNED, 0.2, 0.9));
    assertEquals(List.of(2, 4), points.stream().map(PlasticityPoint::epoch).toList());
    for (PlasticityPoint point : points) {
      assertEquals(CELLS, point.connections());
      assertEquals(2 * PruningMethod.values().length, point.trials().size());
      for (PlasticityTrial trial : point.trials()) {
        long removed = Math.round(trial.remove() * CELLS);
        boolean regrows = trial.method().growth().isPresent();
        assertEquals(removed, trial.pruned(), trial::toString);
        assertEquals(regrows ? removed : 0, trial.grown(), trial::toString);
        assertEquals(regrows ? CELLS : CELLS - removed, trial.connections(), trial::toString);
        assertEquals(trial.accuracy() - point.accuracy(), trial.plasticity());
      }
    }
  }

  @Test
  void exchangeLeavesAsManyConnectionsAsPruningAlone() {
    PlasticityRequest request = SmallExperiment.request(OptionalDouble.of(0.5), 0.75);
    int before = 120 + 30; // density 0.5
    for (PlasticityPoint point : SmallExperiment.run(0.5, request)) {
      for (PlasticityTrial trial : point.trials()) {
        int left = before - 90 - 23; // rounded up in each layer
        assertEquals(left, trial.connections(), trial::toString);
        if (trial.method() == PruningMethod.UNIFORM_GRADIENT) {
          assertEquals(15 + 4, trial.grown()); // half of 30 and of 7
        }
        assertEquals(before - left + trial.grown(), trial.pruned(), trial::toString);
      }
    }
  }

  @Test
  void removingNothingIsThePlainContinuation() {
    for (PlasticityPoint point :
        SmallExperiment.run(0.5, SmallExperiment.request(AS_PRUNED, 0.0))) {
      for (PlasticityTrial trial : point.trials()) {
        assertEquals(0, trial.pruned());
        assertEquals(point.accuracy(), trial.accuracyPruned());
        assertEquals(point.accuracyUnpruned(), trial.accuracy(), trial::toString);
      }
    }
  }

  @Test
  void allStepsAfterPruningHaveTheLearningRateOfThePoint() {
    RecordedRates optimizer = new RecordedRates(SmallExperiment.plan().optimizer());
    List<Set<Double>> rates = new ArrayList<>();
    PlasticityListener perPoint =
        new PlasticityListener() {
          @Override
          public void onPoint(PlasticityPoint point) {
            assertEquals(Set.of(point.learningRate()), optimizer.rates());
            rates.add(Set.copyOf(optimizer.rates()));
            optimizer.rates().clear();
          }
        };
    TrainingListener forgetting =
        new TrainingListener() {
          @Override
          public void onEpoch(EpochReport report) {
            optimizer.rates().clear();
          }
        };
    try (ScalarBackend backend = new ScalarBackend();
        Network network = SmallExperiment.network(backend, 1)) {
      new PlasticityExperiment(
              network,
              SmallExperiment.plan(optimizer),
              SmallExperiment.clouds(150, 1),
              SmallExperiment.clouds(200, 2),
              SmallExperiment.request(AS_PRUNED, 0.5),
              perPoint)
          .run(forgetting);
    }
    assertEquals(List.of(Set.of(0.05), Set.of(0.05 * 0.1)), rates);
  }

  @Test
  void onADenseNetworkGrowthByGradientAndAtRandomAreTheSame() {
    for (PlasticityPoint point : SmallExperiment.run(1, SmallExperiment.request(AS_PRUNED, 0.9))) {
      assertEquals(
          point.trial(0.9, PruningMethod.UNIFORM_RANDOM).orElseThrow().accuracy(),
          point.trial(0.9, PruningMethod.UNIFORM_GRADIENT).orElseThrow().accuracy());
    }
  }

  @Test
  void theSameSeedGivesTheSameBits() {
    PlasticityRequest request = SmallExperiment.request(AS_PRUNED, 0.5, 0.9);
    List<PlasticityPoint> first = SmallExperiment.run(0.5, request);
    assertEquals(first, SmallExperiment.run(0.5, request));
    assertNotEquals(
        first.get(0).trial(0.9, PruningMethod.UNIFORM_RANDOM).orElseThrow().accuracy(),
        first.get(0).trial(0.9, PruningMethod.UNIFORM).orElseThrow().accuracy());
  }

  @Test
  void aTrialDoesNotDependOnThoseBeforeIt() {
    PlasticityRequest both = SmallExperiment.request(AS_PRUNED, 0.5, 0.9);
    PlasticityRequest one = SmallExperiment.request(AS_PRUNED, 0.9);
    List<PlasticityTrial> afterOthers =
        SmallExperiment.run(0.5, both).get(1).trials().stream()
            .filter(trial -> trial.remove() == 0.9)
            .toList();
    assertEquals(afterOthers, SmallExperiment.run(0.5, one).get(1).trials());
  }

  @Test
  void whatWasFinishedBeforeItWasCancelledIsKept() {
    List<PlasticityPoint> heard = new ArrayList<>();
    try (ScalarBackend backend = new ScalarBackend();
        Network network = SmallExperiment.network(backend, 1)) {
      PlasticityExperiment[] running = new PlasticityExperiment[1];
      PlasticityListener cancelling =
          new PlasticityListener() {
            @Override
            public void onStep(int trial, int trials, double share) {
              assertEquals(2 * 7, trials);
              if (trial == 7 + 3) {
                running[0].cancel();
              }
            }

            @Override
            public void onPoint(PlasticityPoint point) {
              heard.add(point);
            }
          };
      running[0] =
          new PlasticityExperiment(
              network,
              SmallExperiment.plan(),
              SmallExperiment.clouds(150, 1),
              SmallExperiment.clouds(200, 2),
              SmallExperiment.request(AS_PRUNED, 0.5),
              cancelling);
      assertEquals(heard, running[0].run(new TrainingListener() {}));
      assertEquals(1, heard.size());
    }
  }

  @Test
  void pointsThatFallOnOneEpochAreOne() {
    PlasticityRequest request =
        new PlasticityRequest(List.of(0.01, 0.2, 0.5, 0.6, 1.0), List.of(0.5), 1, AS_PRUNED, 1);
    assertEquals(List.of(1, 2, 4), request.epochsOf(4));
  }

  @Test
  void aNetworkWithoutConnectionsIsRefused() {
    NetworkSpec spec = NetworkSpec.inputs(12).denseLinear(3);
    NetworkBuilder builder =
        new NetworkBuilder(spec, new UniformDensity(1), WeightInit.HE, false, 1, 32);
    try (ScalarBackend backend = new ScalarBackend();
        Network network = builder.build(backend)) {
      UserException refused =
          assertThrows(
              UserException.class,
              () ->
                  new PlasticityExperiment(
                      network,
                      SmallExperiment.plan(),
                      SmallExperiment.clouds(50, 1),
                      SmallExperiment.clouds(50, 2),
                      SmallExperiment.request(AS_PRUNED, 0.5),
                      new PlasticityListener() {}));
      assertTrue(refused.getMessage().contains("density.overall=1"), refused.getMessage());
      assertFalse(refused.getMessage().contains("\n"));
    }
  }

  @Test
  void numbersOutOfRangeAreRefused() {
    List<Double> fine = List.of(0.5);
    assertThrows(UserException.class, () -> of(List.of(0.0), fine, 1, AS_PRUNED));
    assertThrows(UserException.class, () -> of(List.of(1.1), fine, 1, AS_PRUNED));
    assertThrows(UserException.class, () -> of(List.of(0.5, 0.5), fine, 1, AS_PRUNED));
    assertThrows(UserException.class, () -> of(List.of(), fine, 1, AS_PRUNED));
    assertThrows(UserException.class, () -> of(fine, List.of(1.0), 1, AS_PRUNED));
    assertThrows(UserException.class, () -> of(fine, List.of(-0.1), 1, AS_PRUNED));
    assertThrows(UserException.class, () -> of(fine, List.of(Double.NaN), 1, AS_PRUNED));
    assertThrows(UserException.class, () -> of(fine, fine, 0, AS_PRUNED));
    assertThrows(UserException.class, () -> of(fine, fine, 1, OptionalDouble.of(1)));
  }

  private static PlasticityRequest of(
      List<Double> at, List<Double> remove, int epochs, OptionalDouble exchange) {
    return new PlasticityRequest(at, remove, epochs, exchange, 1);
  }
}
