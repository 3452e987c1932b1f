/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.espalier.UserException;
import org.espalier.backend.Backend;
import org.espalier.backend.scalar.ScalarBackend;
import org.espalier.sparse.SparseWeights;
import org.espalier.tensor.Tensor;
import org.espalier.topology.PruneAndGrow;
import org.espalier.topology.TopologyMemory;
import org.espalier.topology.TopologyUpdate;
import org.espalier.topology.UniformDensity;
import org.junit.jupiter.api.Test;

/** Buffers of a network: none is left when it is closed, whatever happened before. */
class NetworkLifetimeTest {

  private static final NetworkSpec SPEC =
      NetworkSpec.inputs(6)
          .dropout(0.1f)
          .sparseLinear(8)
          .srelu()
          .sparseLinear(7)
          .relu()
          .dropout(0.2f)
          .denseLinear(4);

  private final ScalarBackend backend = new ScalarBackend();

  private static Network build(Backend backend) {
    return new NetworkBuilder(SPEC, new UniformDensity(0.4), WeightInit.XAVIER, true, 5, 9)
        .build(backend);
  }

  private static void step(Network network) {
    Tensor outputs = network.forward(network.input(5), Pass.training(1));
    network.backward(outputs, true, GradientSink.keep(network.backend()));
  }

  @Test
  void closeGivesEverythingBack() {
    try (Network network = build(backend)) {
      network.parameters().forEach(Parameter::addState);
      network.parameters().forEach(Parameter::addState);
      for (int update = 0; update < 3; update++) {
        step(network);
        for (SparseWeights weights : network.sparseWeights()) {
          PruneAndGrow.set()
              .update(TopologyUpdate.of(backend, new TopologyMemory(), weights, update));
        }
      }
      step(network);
      network
          .sparseWeights()
          .forEach(
              w ->
                  PruneAndGrow.set()
                      .finish(TopologyUpdate.of(backend, new TopologyMemory(), w, 0)));
      step(network);
      assertTrue(backend.memory().liveBuffers() > 0);
    }
    assertEquals(0, backend.memory().liveBuffers());
    assertEquals(0, backend.memory().liveBytes());
  }

  @Test
  void closeOfANetworkThatNeverRan() {
    build(backend).close();
    assertEquals(0, backend.memory().liveBuffers());
  }

  @Test
  void updatesAndStepsDoNotAddBuffers() {
    try (Network network = build(backend)) {
      step(network);
      long buffers = backend.memory().liveBuffers();
      for (int update = 0; update < 20; update++) {
        for (SparseWeights weights : network.sparseWeights()) {
          PruneAndGrow.set()
              .update(TopologyUpdate.of(backend, new TopologyMemory(), weights, update));
        }
        step(network);
        assertEquals(buffers, backend.memory().liveBuffers());
      }
    }
  }

  @Test
  void buildingGivesEverythingBackWhenMemoryRunsOutAnywhere() {
    int successes = 0;
    boolean built = false;
    for (; !built; successes++) {
      Backend failing = new FailingBackend(backend, successes);
      try (Network network = build(failing)) {
        assertFalse(network.layers().isEmpty());
        built = true;
      } catch (UserException expected) {
        assertEquals(0, backend.memory().liveBuffers(), "after " + successes + " allocations");
      }
    }
    assertTrue(successes > 15, "only " + successes);
    assertEquals(0, backend.memory().liveBuffers());
  }

  @Test
  void onlyAskedForGradientsAreComputed() {
    try (Network network = build(backend)) {
      Tensor outputs = network.forward(network.input(5), Pass.training(1));
      assertEquals(null, network.backward(outputs, false, GradientSink.keep(network.backend())));
      assertTrue(network.sparseWeights().get(0).transposed().isEmpty(), "nobody needs dX");
      assertTrue(network.sparseWeights().get(1).transposed().isPresent());
    }
  }

  @Test
  void firstParameterThatIsNotFiniteIsNamed() {
    try (Network network = build(backend)) {
      assertTrue(network.firstNotFinite().isEmpty());
      for (int p : new int[] {4, 2}) {
        Parameter parameter = network.parameters().get(p);
        float bad = p == 4 ? Float.NaN : Float.NEGATIVE_INFINITY;
        backend.memory().upload(new float[] {bad}, 0, parameter.values(), 1, 1);
        assertEquals(parameter.name(), network.firstNotFinite().orElseThrow());
      }
    }
  }

  @Test
  void tooManyPositionsAreRefused() {
    try (Network network = build(backend)) {
      assertEquals(9, network.input(9).positions());
      assertThrows(IllegalArgumentException.class, () -> network.input(17));
    }
  }
}
