/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.initial;

import java.util.List;
import org.espalier.backend.Backend;
import org.espalier.backend.Memory;
import org.espalier.nn.Network;
import org.espalier.nn.NetworkBuilder;
import org.espalier.sparse.CsrMatrix;
import org.espalier.sparse.SparseWeights;
import org.espalier.sparse.Taps;
import org.espalier.sparse.ValueRule;
import org.espalier.topology.LayerCounts;
import org.espalier.topology.UniformDensity;

/**
 * Builds networks whose connections a criterion chose among all cells. Scoring needs memory and
 * time for the network at density 1; what is built does not.
 *
 * @param criterion ranks the connections
 * @param density of all sparse layers together, in (0, 1]
 * @param positions what is taken from the ranking
 */
public record InitialPruning(Criterion criterion, double density, Positions positions) {

  /** What a network takes from a ranking. */
  public enum Positions {
    /**
     * The connections themselves, with the weights they were scored with: those of a dense layer,
     * not made larger for the few that are left, as these are the large ones already.
     */
    SCORED,
    /**
     * Only how many each layer has; which ones is drawn at random (the ratio forms of Liu et al.,
     * The unreasonable effectiveness of random pruning, 2022).
     */
    RANDOM
  }

  /** Checks the density. */
  public InitialPruning {
    if (!(density > 0 && density <= 1)) {
      throw new IllegalArgumentException("density is " + density + "; expected in (0, 1]");
    }
  }

  /** The connections of a layer, in compressed sparse rows. */
  private record Chosen(int rows, int columns, int[] rowStart, int[] column) {

    static Chosen of(Memory memory, CsrMatrix csr) {
      return new Chosen(
          csr.rows(),
          csr.columns(),
          memory.ints(csr.rowStart(), csr.rows() + 1),
          memory.ints(csr.column(), csr.nnz()));
    }
  }

  /**
   * Builds a network: {@code round(density * cells)} connections, and in each layer at least one.
   *
   * @param builder says all but the connections; its density rule is not asked
   * @throws org.espalier.UserException if the device has not enough memory, or scores are not
   *     finite
   */
  public Network build(NetworkBuilder builder, Backend backend) {
    List<Chosen> chosen = choose(builder, backend);
    LayerCounts counts =
        new LayerCounts(chosen.stream().map(layer -> (long) layer.column.length).toList());
    Network network = builder.withDensity(counts).build(backend);
    if (positions == Positions.RANDOM) {
      return network;
    }
    try {
      for (int l = 0; l < chosen.size(); l++) {
        place(builder, backend.memory(), chosen.get(l), network.sparseWeights().get(l));
      }
      return network;
    } catch (RuntimeException | Error failed) {
      network.close();
      throw failed;
    }
  }

  private List<Chosen> choose(NetworkBuilder builder, Backend backend) {
    NetworkBuilder all =
        new NetworkBuilder(
            criterion.scored(builder.spec()),
            new UniformDensity(1),
            builder.init(),
            builder.sparseFanIn(),
            builder.seed(),
            criterion.positions());
    try (Network network = all.build(backend)) {
      List<SparseWeights> layers = network.sparseWeights();
      long cells = layers.stream().mapToLong(layer -> layer.csr().nnz()).sum();
      for (int round = 1; round <= criterion.rounds(); round++) {
        double share = StrictMath.pow(density, round / (double) criterion.rounds());
        long count = Math.max(layers.size(), Math.round(share * cells));
        Selection.keep(network, criterion.scores(network), count);
      }
      return layers.stream().map(layer -> Chosen.of(backend.memory(), layer.csr())).toList();
    }
  }

  /** Moves a layer's connections; each gets the weight that its cell has in a dense layer. */
  private static void place(
      NetworkBuilder builder, Memory memory, Chosen chosen, SparseWeights weights) {
    float[] values = new float[chosen.column.length];
    Taps taps = weights.csr().taps();
    ValueRule dense = builder.init().rule(chosen.columns, (double) chosen.rows * taps.count());
    long key = builder.valueKey(weights.name());
    for (int r = 0; r < chosen.rows; r++) {
      for (int k = chosen.rowStart[r]; k < chosen.rowStart[r + 1]; k++) {
        long position = (long) r * chosen.columns + chosen.column[k];
        values[k] = dense.valueAt(key, position);
      }
    }
    weights.replace(
        new CsrMatrix(
            chosen.rows,
            chosen.columns,
            values.length,
            memory.of(chosen.rowStart),
            memory.of(chosen.column),
            memory.of(values),
            taps),
        List.of());
  }
}
