/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.train;

import java.util.ArrayList;
import java.util.List;
import org.espalier.UserException;
import org.espalier.backend.Memory;
import org.espalier.nn.Network;
import org.espalier.nn.Parameter;
import org.espalier.nn.SparseParameter;
import org.espalier.nn.Statistics;
import org.espalier.sparse.CsrMatrix;
import org.espalier.sparse.SparseWeights;
import org.espalier.tensor.DeviceBuffer;

/**
 * Moves a network's numbers between the device and a {@link State}. A sparse weight {@code p} is
 * kept as {@code p.row_start}, {@code p.column} and {@code p.values}, any other parameter under its
 * name, optimizer arrays as {@code p.state0} and so on.
 */
public final class NetworkState {

  private NetworkState() {}

  /** Puts all parameters into a state, with or without what the optimizer needs. */
  public static void save(Network network, State state, boolean withOptimizer) {
    Memory memory = network.backend().memory();
    saveStatistics(network, state);
    for (Parameter parameter : network.parameters()) {
      if (parameter instanceof SparseParameter sparse) {
        save(memory, parameter.name(), sparse.weights(), withOptimizer, state);
        continue;
      }
      int size = Math.toIntExact(parameter.size());
      state.put(parameter.name(), memory.floats(parameter.values(), size));
      for (int i = 0; withOptimizer && i < parameter.state().size(); i++) {
        float[] array = memory.floats(parameter.state().get(i), size);
        state.put(stateName(parameter.name(), i), array);
      }
    }
  }

  private static void saveStatistics(Network network, State state) {
    for (Statistics statistics : network.statistics()) {
      int size = Math.toIntExact(statistics.values().length());
      state.put(statistics.name(), network.backend().memory().floats(statistics.values(), size));
    }
  }

  /** Puts sparse weights into a state under a name, with or without their state arrays. */
  static void save(
      Memory memory, String name, SparseWeights weights, boolean withArrays, State state) {
    CsrMatrix csr = weights.csr();
    state.put(name + ".row_start", memory.ints(csr.rowStart(), csr.rows() + 1));
    state.put(name + ".column", memory.ints(csr.column(), csr.nnz()));
    state.put(name + ".values", memory.floats(csr.values(), csr.nnz()));
    for (int i = 0; withArrays && i < weights.state().size(); i++) {
      state.put(stateName(name, i), memory.floats(weights.state().get(i), csr.nnz()));
    }
  }

  /**
   * Sets all parameters from a state. Optimizer arrays that the parameters have must be there.
   *
   * @throws UserException if something is missing or does not fit the network, which is then as it
   *     was
   */
  public static void restore(Network network, State state) {
    network.parameters().forEach(parameter -> check(parameter, state));
    network.statistics().forEach(s -> state.floats(s.name(), Math.toIntExact(s.values().length())));
    Memory memory = network.backend().memory();
    for (Statistics statistics : network.statistics()) {
      float[] values = state.floats(statistics.name());
      memory.upload(values, 0, statistics.values(), 0, values.length);
    }
    for (Parameter parameter : network.parameters()) {
      if (parameter instanceof SparseParameter sparse) {
        restoreSparse(memory, sparse, state);
      } else {
        int size = Math.toIntExact(parameter.size());
        memory.upload(state.floats(parameter.name()), 0, parameter.values(), 0, size);
        for (int i = 0; i < parameter.state().size(); i++) {
          float[] array = state.floats(stateName(parameter.name(), i));
          memory.upload(array, 0, parameter.state().get(i), 0, size);
        }
      }
    }
  }

  private static void restoreSparse(Memory memory, SparseParameter parameter, State state) {
    String name = parameter.name();
    CsrMatrix csr = csr(memory, name, parameter.weights().csr(), state);
    List<DeviceBuffer> arrays = new ArrayList<>();
    for (int i = 0; i < parameter.state().size(); i++) {
      arrays.add(memory.of(state.floats(stateName(parameter.name(), i))));
    }
    parameter.weights().replace(csr, arrays);
  }

  /**
   * Returns the connections that a state has under a name.
   *
   * @param shape as many rows and columns
   */
  static CsrMatrix csr(Memory memory, String name, CsrMatrix shape, State state) {
    checkConnections(state, name, shape);
    int[] column = state.ints(name + ".column");
    return new CsrMatrix(
        shape.rows(),
        shape.columns(),
        column.length,
        memory.of(state.ints(name + ".row_start")),
        memory.of(column),
        memory.of(state.floats(name + ".values", column.length)),
        shape.taps());
  }

  private static void check(Parameter parameter, State state) {
    int size;
    if (parameter instanceof SparseParameter sparse) {
      String name = parameter.name();
      size = state.ints(name + ".column").length;
      checkConnections(state, name, sparse.weights().csr());
      state.floats(name + ".values", size);
    } else {
      size = Math.toIntExact(parameter.size());
      state.floats(parameter.name(), size);
    }
    for (int i = 0; i < parameter.state().size(); i++) {
      state.floats(stateName(parameter.name(), i), size);
    }
  }

  /** Kernels trust their indices, so everything that comes from a file is checked here. */
  private static void checkConnections(State state, String name, CsrMatrix shape) {
    int[] rowStart = state.ints(name + ".row_start");
    int[] column = state.ints(name + ".column");
    boolean sound =
        rowStart.length == shape.rows() + 1
            && rowStart[0] == 0
            && rowStart[shape.rows()] == column.length;
    for (int r = 0; sound && r < shape.rows(); r++) {
      sound = rowStart[r] <= rowStart[r + 1] && rowStart[r + 1] <= column.length;
      for (int k = rowStart[r]; sound && k < rowStart[r + 1]; k++) {
        int least = k == rowStart[r] ? 0 : column[k - 1] + 1;
        sound = column[k] >= least && column[k] < shape.columns();
      }
    }
    if (!sound) {
      throw new UserException(
          "%s: the connections of '%s' do not fit a layer of %d x %d; expected the model this recipe builds."
              .formatted(state.source(), name, shape.rows(), shape.columns()));
    }
  }

  static String stateName(String name, int index) {
    return name + ".state" + index;
  }
}
