/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.espalier.UserException;
import org.espalier.backend.scalar.ScalarBackend;
import org.espalier.topology.DensityRule;
import org.espalier.topology.ErdosRenyiEpsilon;
import org.espalier.topology.UniformDensity;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NetworkBuilderTest {

  private final ScalarBackend backend = new ScalarBackend();

  @AfterEach
  void nothingIsLeft() {
    assertEquals(0, backend.memory().liveBuffers());
  }

  private Network build(NetworkSpec spec, DensityRule density, long seed) {
    return new NetworkBuilder(spec, density, WeightInit.HE, true, seed, 10).build(backend);
  }

  private float[] values(Network network, int parameter) {
    Parameter p = network.parameters().get(parameter);
    return backend.memory().floats(p.values(), (int) p.size());
  }

  @Test
  void namesAndSizes() {
    NetworkSpec spec =
        NetworkSpec.inputs(784)
            .sparseLinear(1000)
            .srelu()
            .dropout(0.3f)
            .sparseLinear(1000)
            .relu()
            .sparseLinear(1000)
            .denseLinear(10);
    try (Network network = build(spec, new ErdosRenyiEpsilon(20), 1)) {
      assertEquals(125_680, network.activeWeights());
      assertEquals(2_794_000, network.denseWeights());
      assertEquals(784, network.inputs());
      assertEquals(10, network.outputs());
      assertEquals(
          List.of("linear1", "srelu1", "dropout1", "linear2", "linear3", "linear4"),
          network.layers().stream().map(Layer::name).toList());
      assertEquals(
          List.of("linear1", "linear2", "linear3"),
          network.sparseWeights().stream().map(w -> w.name()).toList());
      assertEquals(
          List.of("linear1.weight", "linear2.weight", "linear3.weight", "linear4.weight"),
          network.parameters().stream().filter(Parameter::decays).map(Parameter::name).toList());
      assertEquals(35_680, network.parameters().get(0).size());
    }
  }

  @Test
  void namesAreUniqueWhateverTheOrderOfLayers() {
    NetworkSpec spec =
        NetworkSpec.inputs(4)
            .srelu()
            .srelu()
            .sparseLinear(5)
            .srelu()
            .dropout(0.1f)
            .srelu()
            .relu()
            .relu()
            .dropout(0.1f);
    try (Network network = build(spec, new UniformDensity(0.5), 1)) {
      assertEquals(9, network.layers().stream().map(Layer::name).distinct().count());
      assertEquals(6, network.parameters().stream().map(Parameter::name).distinct().count());
      assertFalse(Arrays.equals(values(network, 0), values(network, 1)));
    }
  }

  @Test
  void sameSeedSameBitsOtherSeedsAndLayersDiffer() {
    NetworkSpec spec =
        NetworkSpec.inputs(50).sparseLinear(50).srelu().sparseLinear(50).srelu().denseLinear(50);
    try (Network a = build(spec, new UniformDensity(0.2), 1);
        Network b = build(spec, new UniformDensity(0.2), 1);
        Network c = build(spec, new UniformDensity(0.2), 2)) {
      for (int p = 0; p < a.parameters().size(); p++) {
        assertArrayEquals(values(a, p), values(b, p));
        if (!a.parameters().get(p).name().endsWith("bias")) {
          assertFalse(Arrays.equals(values(a, p), values(c, p)), a.parameters().get(p).name());
        }
      }
      int[] first = columns(a, 0);
      assertArrayEquals(first, columns(b, 0));
      assertFalse(Arrays.equals(first, columns(a, 1)), "another layer");
      assertFalse(Arrays.equals(first, columns(c, 0)), "another seed");
      assertFalse(Arrays.equals(values(a, 0), values(a, 3)), "another layer");
      assertFalse(Arrays.equals(values(a, 2), values(a, 5)), "another layer's knees");
    }
  }

  private int[] columns(Network network, int layer) {
    return backend.memory().ints(network.sparseWeights().get(layer).csr().column(), 500);
  }

  @ParameterizedTest
  @EnumSource(WeightInit.Kind.class)
  void firstWeightsHaveTheAskedVariance(WeightInit.Kind kind) {
    NetworkSpec spec = NetworkSpec.inputs(300).sparseLinear(200).denseLinear(100);
    WeightInit init = new WeightInit(kind, 0.3f);
    for (boolean sparseFanIn : new boolean[] {true, false}) {
      NetworkBuilder builder =
          new NetworkBuilder(spec, new UniformDensity(0.1), init, sparseFanIn, 3, 10);
      try (Network network = builder.build(backend)) {
        double share = sparseFanIn ? 0.1 : 1;
        check(kind, 300 * share, 200 * share, values(network, 0));
        check(kind, 200, 100, values(network, 2));
        assertArrayEquals(new float[200], values(network, 1), "biases start at 0");
      }
    }
  }

  private static void check(WeightInit.Kind kind, double fanIn, double fanOut, float[] values) {
    double variance =
        switch (kind) {
          case HE_NORMAL, HE_UNIFORM -> 2 / fanIn;
          case XAVIER_NORMAL, XAVIER_UNIFORM -> 2 / (fanIn + fanOut);
          case NORMAL -> 0.09;
        };
    boolean uniform = kind == WeightInit.Kind.HE_UNIFORM || kind == WeightInit.Kind.XAVIER_UNIFORM;
    double mean = 0;
    double squares = 0;
    double fourth = 0;
    double largest = 0;
    for (float value : values) {
      double z = value / Math.sqrt(variance);
      mean += z / values.length;
      squares += z * z / values.length;
      fourth += z * z * z * z / values.length;
      largest = Math.max(largest, Math.abs(z));
    }
    assertEquals(0, mean, 0.06);
    assertEquals(1, squares, 0.07);
    // kurtosis tells the shapes apart: 9/5 for uniform, 3 for normal (2.9 for a sum of twelve)
    assertEquals(uniform ? 1.8 : 2.9, fourth, 0.35);
    assertTrue(uniform ? largest <= Math.sqrt(3) + 1e-6 : largest > 3 && largest <= 6);
  }

  @Test
  void layersWithFewerConnectionsThanNeuronsAreNotBlownUp() {
    NetworkSpec spec = NetworkSpec.inputs(2000).sparseLinear(2000);
    try (Network network = build(spec, new UniformDensity(100 / 4e6), 1)) {
      double squares = 0;
      for (float value : values(network, 0)) {
        squares += value * value / 100.0;
      }
      // a neuron that has a connection has at least one
      assertEquals(Math.sqrt(2), Math.sqrt(squares), 0.4);
    }
  }

  @Test
  void memoryOfASparseLayerIsProportionalToItsConnections() {
    NetworkSpec spec = NetworkSpec.inputs(20_000).sparseLinear(20_000);
    try (Network network = build(spec, new UniformDensity(1000 / 4e8), 1)) {
      assertEquals(1000, network.activeWeights());
      network.forward(network.input(10), Pass.training(1));
      network.backward(
          network.forward(network.input(10), Pass.training(1)), true, GradientSink.keep(backend));
      // activations and gradients of 16 floats for each neuron, row starts, a few words for each
      // connection; all cells would be 1.6 GB
      assertTrue(backend.memory().liveBytes() < 10_000_000, "" + backend.memory().liveBytes());
    }
  }

  @Test
  void layersBeyondWhatCanBeAddressedAreRefusedInWords() {
    NetworkSpec dense = NetworkSpec.inputs(100_000).denseLinear(100_000);
    NetworkSpec sparse = NetworkSpec.inputs(10).sparseLinear(100_000).sparseLinear(100_000);
    for (NetworkSpec spec : List.of(dense, sparse)) {
      UserException refused =
          assertThrows(UserException.class, () -> build(spec, new UniformDensity(0.9), 1));
      assertTrue(refused.getMessage().contains("'linear" + spec.layers().size() + "'"));
    }
  }

  @Test
  void plansThatCannotBeBuiltAreRefused() {
    UniformDensity density = new UniformDensity(0.5);
    assertThrows(IllegalArgumentException.class, () -> NetworkSpec.inputs(0));
    assertThrows(IllegalArgumentException.class, () -> NetworkSpec.inputs(3).sparseLinear(0));
    assertThrows(IllegalArgumentException.class, () -> NetworkSpec.inputs(3).denseLinear(-1));
    assertThrows(IllegalArgumentException.class, () -> NetworkSpec.inputs(3).dropout(1f));
    assertThrows(IllegalArgumentException.class, () -> NetworkSpec.inputs(3).dropout(-0.1f));
    assertThrows(IllegalArgumentException.class, () -> build(NetworkSpec.inputs(3), density, 1));
    assertEquals(0, NetworkSpec.inputs(3).dropout(0).layers().size());
  }
}
