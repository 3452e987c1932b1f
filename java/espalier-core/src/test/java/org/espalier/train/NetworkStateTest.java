/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.Consumer;
import java.util.stream.Stream;
import org.espalier.UserException;
import org.espalier.backend.scalar.ScalarBackend;
import org.espalier.nn.Network;
import org.espalier.nn.Parameter;
import org.espalier.sparse.SparseWeights;
import org.espalier.topology.PruneAndGrow;
import org.espalier.topology.TopologyMemory;
import org.espalier.topology.TopologyUpdate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class NetworkStateTest {

  private static final String ROWS = "linear1.weight.row_start";
  private static final String COLUMNS = "linear1.weight.column";

  private final ScalarBackend backend = new ScalarBackend();

  @AfterEach
  void nothingIsLeft() {
    assertEquals(0, backend.memory().liveBuffers());
  }

  private Network network() {
    Network network = Runs.network(backend, 16);
    network.parameters().forEach(Parameter::addState);
    return network;
  }

  private static State save(Network network, boolean withOptimizer) {
    State state = new State("model.bin");
    NetworkState.save(network, state, withOptimizer);
    return state;
  }

  @Test
  void everythingComesBackAlsoOtherConnectionsAndCounts() {
    try (Network source = network();
        Network target = network()) {
      for (SparseWeights weights : source.sparseWeights()) {
        weights.setTransposed(backend.topology().transpose(weights.csr()));
        PruneAndGrow.set().update(TopologyUpdate.of(backend, new TopologyMemory(), weights, 4));
        PruneAndGrow.set().finish(TopologyUpdate.of(backend, new TopologyMemory(), weights, 0));
      }
      for (Parameter parameter : source.parameters()) {
        backend.memory().fill(parameter.state().get(0), 0, parameter.size(), 0.25f);
      }
      for (SparseWeights weights : target.sparseWeights()) {
        weights.setTransposed(backend.topology().transpose(weights.csr()));
      }
      NetworkState.restore(target, save(source, true));
      assertEquals(Runs.bits(source), Runs.bits(target));
      assertTrue(target.sparseWeights().stream().allMatch(w -> w.transposed().isEmpty()));
    }
  }

  @Test
  void modelsAreSavedWithoutTheOptimizer() {
    try (Network network = network();
        Network plain = Runs.network(backend, 16)) {
      State state = save(network, false);
      assertFalse(state.values().keySet().stream().anyMatch(name -> name.contains("state")));
      NetworkState.restore(plain, state);
      UserException refused =
          assertThrows(UserException.class, () -> NetworkState.restore(network, state));
      assertTrue(refused.getMessage().contains("'linear1.weight.state0' is missing"));
    }
  }

  /** Ways to spoil the state of layer linear1, of 20 x 12 with 96 connections. */
  static Stream<Named<Consumer<State>>> damages() {
    return Stream.of(
        damage("a column beyond the last", s -> s.ints(COLUMNS)[95] = 12),
        damage("a negative column", s -> s.ints(COLUMNS)[0] = -1),
        damage("the largest column of all", s -> s.ints(COLUMNS)[0] = Integer.MAX_VALUE),
        damage("a column twice", s -> s.ints(COLUMNS)[s.ints(ROWS)[1] - 1] = s.ints(COLUMNS)[0]),
        damage("rows that do not start at 0", s -> s.ints(ROWS)[0] = 1),
        damage("rows that start below 0", s -> s.ints(ROWS)[1] = -5),
        damage("rows that go back", s -> s.ints(ROWS)[5] = s.ints(ROWS)[4] - 1),
        damage("rows beyond the end", s -> s.ints(ROWS)[3] = 1000),
        damage("rows that end early", s -> s.ints(ROWS)[20] = 95),
        damage("too few rows", s -> s.put(ROWS, new int[20])),
        damage("no rows", s -> s.put(ROWS, new int[0])),
        damage("too few columns", s -> s.put(COLUMNS, new int[95])),
        damage("too few values", s -> s.put("linear1.weight.values", new float[95])),
        damage("too much momentum", s -> s.put("linear1.weight.state0", new float[97])),
        damage("values of another type", s -> s.put("linear1.weight.values", new int[96])),
        damage("a missing bias", s -> s.values().remove("linear3.bias")),
        damage("a short bias", s -> s.put("linear3.bias", new float[2])),
        damage("missing momentum", s -> s.values().remove("linear3.bias.state0")));
  }

  private static Named<Consumer<State>> damage(String name, Consumer<State> damage) {
    return Named.of(name, damage);
  }

  @ParameterizedTest
  @MethodSource("damages")
  void statesThatDoNotFitAreRefusedAndChangeNothing(Consumer<State> damage) {
    try (Network network = network();
        Network other = network()) {
      for (SparseWeights weights : other.sparseWeights()) {
        PruneAndGrow.set().update(TopologyUpdate.of(backend, new TopologyMemory(), weights, 4));
      }
      State state = save(other, true);
      damage.accept(state);
      Runs.Bits before = Runs.bits(network);
      long buffers = backend.memory().liveBuffers();
      UserException refused =
          assertThrows(UserException.class, () -> NetworkState.restore(network, state));
      assertTrue(refused.getMessage().startsWith("model.bin: "), refused.getMessage());
      assertTrue(refused.getMessage().contains("expected"), refused.getMessage());
      assertEquals(buffers, backend.memory().liveBuffers());
      assertEquals(before, Runs.bits(network));
    }
  }
}
