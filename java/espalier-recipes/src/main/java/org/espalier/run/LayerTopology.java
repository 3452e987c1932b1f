/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.run;

import java.util.List;
import org.espalier.UserException;
import org.espalier.backend.Memory;
import org.espalier.nn.Network;
import org.espalier.sparse.CsrMatrix;
import org.espalier.train.LayerConnections;
import org.espalier.train.State;

/**
 * Which connections a sparse layer has, as CSR without values.
 *
 * @param name of the layer
 * @param outputs neurons, the rows
 * @param inputs the columns
 * @param rowStart {@code outputs + 1} positions in {@code column}
 * @param column the input of each connection, row after row
 */
public record LayerTopology(String name, int outputs, int inputs, int[] rowStart, int[] column) {

  /** Checks the sizes and every index. */
  public LayerTopology {
    boolean sound =
        rowStart.length == outputs + 1 && rowStart[0] == 0 && rowStart[outputs] == column.length;
    for (int r = 0; sound && r < outputs; r++) {
      sound = rowStart[r] <= rowStart[r + 1];
    }
    for (int k = 0; sound && k < column.length; k++) {
      sound = column[k] >= 0 && column[k] < inputs;
    }
    if (!sound) {
      throw new UserException(
          "The connections of layer '%s' do not fit %d outputs and %d inputs; expected the model of this run."
              .formatted(name, outputs, inputs));
    }
  }

  /**
   * Returns the topology of each layer.
   *
   * @param layers their names and sizes
   * @param state a model or a checkpoint
   * @throws UserException if the state lacks a layer or has another size of it
   */
  public static List<LayerTopology> of(List<LayerConnections> layers, State state) {
    return layers.stream()
        .map(
            layer ->
                new LayerTopology(
                    layer.layer(),
                    layer.outputs(),
                    layer.inputs(),
                    state.ints(layer.layer() + ".weight.row_start"),
                    state.ints(layer.layer() + ".weight.column")))
        .toList();
  }

  /** Returns the topology of each sparse layer of a network, input first. */
  public static List<LayerTopology> of(Network network) {
    Memory memory = network.backend().memory();
    return network.sparseWeights().stream()
        .map(
            weights -> {
              CsrMatrix csr = weights.csr();
              return new LayerTopology(
                  weights.name(),
                  csr.rows(),
                  csr.columns(),
                  memory.ints(csr.rowStart(), csr.rows() + 1),
                  memory.ints(csr.column(), csr.nnz()));
            })
        .toList();
  }

  /** Returns the number of connections. */
  public int nnz() {
    return column.length;
  }

  /** Returns the share of the layer's cells that are connections. */
  public double density() {
    return nnz() / ((double) outputs * inputs);
  }

  /** Returns for each input how many outputs it is connected to. */
  public int[] inputDegrees() {
    int[] degrees = new int[inputs];
    for (int input : column) {
      degrees[input]++;
    }
    return degrees;
  }

  /** Returns for each output how many inputs it is connected to: its fan-in. */
  public int[] outputDegrees() {
    int[] degrees = new int[outputs];
    for (int r = 0; r < outputs; r++) {
      degrees[r] = rowStart[r + 1] - rowStart[r];
    }
    return degrees;
  }

  /** Returns how the connections spread over the inputs. */
  public DegreeStatistics inputStatistics() {
    return DegreeStatistics.of(inputDegrees(), outputs);
  }

  /** Returns how the connections spread over the outputs. */
  public DegreeStatistics outputStatistics() {
    return DegreeStatistics.of(outputDegrees(), inputs);
  }
}
