/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.initial;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.espalier.backend.Backend;
import org.espalier.backend.portable.PortableBackendProvider;
import org.espalier.backend.scalar.ScalarBackend;
import org.espalier.initial.InitialPruning.Positions;
import org.espalier.nn.Loss;
import org.espalier.nn.Network;
import org.espalier.nn.NetworkBuilder;
import org.espalier.nn.NetworkSpec;
import org.espalier.nn.WeightInit;
import org.espalier.sparse.CsrMatrix;
import org.espalier.sparse.SparseWeights;
import org.espalier.topology.UniformDensity;
import org.espalier.train.ChosenSamples;
import org.espalier.train.SampleSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class InitialPruningTest {

  private static final SampleSource SAMPLES = Example.samples(90, 20, 3);
  private static final int CELLS = 20 * 40 + 40 * 10 + 10 * 30;

  private static NetworkBuilder builder(boolean sparseFanIn) {
    NetworkSpec spec =
        NetworkSpec.inputs(20)
            .sparseLinear(40)
            .relu()
            .dropout(0.2f)
            .sparseLinear(10)
            .srelu()
            .sparseLinear(30)
            .relu()
            .denseLinear(3);
    return new NetworkBuilder(spec, new UniformDensity(0.9), WeightInit.HE, sparseFanIn, 4, 16);
  }

  private static Stream<Criterion> criteria() {
    Loss loss = new Loss.SoftmaxCrossEntropy(0);
    return Stream.of(
        new GlobalMagnitude(),
        new Snip(SampleSelection.random(SAMPLES, 32, 1), loss),
        new Grasp(builder(true).spec(), SampleSelection.balanced(SAMPLES, 10, 1), loss),
        new SynFlow(20));
  }

  /** Row starts, columns and values of all layers. */
  private static List<Object> contents(Network network) {
    List<Object> all = new ArrayList<>();
    for (SparseWeights layer : network.sparseWeights()) {
      CsrMatrix csr = layer.csr();
      var memory = network.backend().memory();
      all.add(Arrays.toString(memory.ints(csr.rowStart(), csr.rows() + 1)));
      all.add(Arrays.toString(memory.ints(csr.column(), csr.nnz())));
      all.add(Arrays.toString(memory.floats(csr.values(), csr.nnz())));
    }
    return all;
  }

  private static int[] counts(Network network) {
    return network.sparseWeights().stream().mapToInt(layer -> layer.csr().nnz()).toArray();
  }

  private static List<Object> build(Criterion criterion, Positions positions, Backend backend) {
    try (backend) {
      List<Object> contents;
      try (Network network =
          new InitialPruning(criterion, 0.1, positions).build(builder(true), backend)) {
        contents = contents(network);
      }
      assertEquals(0, backend.memory().liveBuffers());
      return contents;
    }
  }

  @ParameterizedTest
  @MethodSource("criteria")
  void theCountIsExactAndNoLayerIsEmpty(Criterion criterion) {
    try (Backend backend = new ScalarBackend()) {
      for (double density : new double[] {1e-6, 0.003, 0.01, 0.1, 0.5, 0.999, 1}) {
        try (Network network =
            new InitialPruning(criterion, density, Positions.SCORED)
                .build(builder(true), backend)) {
          int[] counts = counts(network);
          assertEquals(Math.max(3, Math.round(density * CELLS)), Arrays.stream(counts).sum());
          assertTrue(Arrays.stream(counts).min().orElseThrow() >= 1, Arrays.toString(counts));
          assertEquals(16, network.maxPositions());
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("criteria")
  void theRatioFormHasTheSameCountsAtOtherPositions(Criterion criterion) {
    try (Backend backend = new ScalarBackend();
        Network scored =
            new InitialPruning(criterion, 0.1, Positions.SCORED).build(builder(true), backend);
        Network random =
            new InitialPruning(criterion, 0.1, Positions.RANDOM).build(builder(true), backend)) {
      assertArrayEquals(counts(scored), counts(random));
      for (int l = 0; l < 3; l++) {
        assertFalse(contents(scored).get(3 * l + 1).equals(contents(random).get(3 * l + 1)));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("criteria")
  void threadsDoNotChangeTheTopology(Criterion criterion) {
    for (Positions positions : Positions.values()) {
      List<Object> one = build(criterion, positions, new PortableBackendProvider().create(1));
      assertEquals(one, build(criterion, positions, new PortableBackendProvider().create(3)));
    }
  }

  @Test
  void connectionsStartWithTheWeightsTheyWereScoredWith() {
    try (Backend backend = new ScalarBackend();
        Network whole = builder(false).withDensity(new UniformDensity(1)).build(backend);
        Network pruned =
            new InitialPruning(new GlobalMagnitude(), 0.1, Positions.SCORED)
                .build(builder(false), backend);
        Network same =
            new InitialPruning(new GlobalMagnitude(), 0.1, Positions.SCORED)
                .build(builder(true), backend)) {
      for (int l = 0; l < 3; l++) {
        CsrMatrix csr = pruned.sparseWeights().get(l).csr();
        float[] all = values(whole, l);
        float[] kept = values(pruned, l);
        assertArrayEquals(kept, values(same, l), "whatever connections init counts");
        int[] start = backend.memory().ints(csr.rowStart(), csr.rows() + 1);
        int[] column = backend.memory().ints(csr.column(), csr.nnz());
        for (int r = 0; r < csr.rows(); r++) {
          for (int k = start[r]; k < start[r + 1]; k++) {
            assertEquals(all[r * csr.columns() + column[k]], kept[k]);
          }
        }
      }
    }
  }

  private static float[] values(Network network, int layer) {
    CsrMatrix csr = network.sparseWeights().get(layer).csr();
    return network.backend().memory().floats(csr.values(), csr.nnz());
  }

  private static final int DEEP = 12;

  /** Returns how much flows through a deep, narrow network with one wide layer. */
  private static double flow(Criterion criterion) {
    NetworkSpec spec = NetworkSpec.inputs(60);
    for (int l = 0; l < DEEP; l++) {
      spec = spec.sparseLinear(l == DEEP / 2 ? 400 : 20).relu();
    }
    NetworkBuilder builder =
        new NetworkBuilder(spec.sparseLinear(5), new UniformDensity(1), WeightInit.HE, true, 2, 8);
    try (Backend backend = new ScalarBackend();
        Network network =
            new InitialPruning(criterion, 0.01, Positions.SCORED).build(builder, backend)) {
      double least = Double.POSITIVE_INFINITY;
      for (float[] layer : SynFlow.PAPER.scores(network)) {
        double sum = 0;
        for (float score : layer) {
          sum += score;
        }
        least = Math.min(least, sum);
      }
      return least;
    }
  }

  @Test
  void synFlowNeverCutsADeepNarrowNetworkWhereOneRoundDoes() {
    assertTrue(flow(SynFlow.PAPER) > 0);
    assertEquals(0, flow(new SynFlow(1)));
    assertEquals(0, flow(new GlobalMagnitude()));
  }

  @Test
  void samplesAreChosenByClass() {
    ChosenSamples balanced = SampleSelection.balanced(SAMPLES, 10, 1);
    int[] ofClass = new int[3];
    for (int i = 0; i < balanced.size(); i++) {
      ofClass[balanced.label(i)]++;
    }
    assertArrayEquals(new int[] {10, 10, 10}, ofClass);
    assertEquals(90, SampleSelection.balanced(SAMPLES, 1000, 1).size());
    assertEquals(90, SampleSelection.random(SAMPLES, 1000, 1).size());
    ChosenSamples few = SampleSelection.random(SAMPLES, 5, 1);
    assertEquals(5, few.size());
    float[] row = new float[20];
    few.read(4, 0, 20, row, 0);
    float[] again = new float[20];
    SampleSelection.random(SAMPLES, 5, 1).read(4, 0, 20, again, 0);
    assertArrayEquals(row, again);
  }

  @Test
  void densitiesOutsideOfTheirRangeAreRefused() {
    for (double density : new double[] {0, -1, 1.1, Double.NaN}) {
      assertThrows(
          IllegalArgumentException.class,
          () -> new InitialPruning(new GlobalMagnitude(), density, Positions.SCORED));
    }
  }
}
