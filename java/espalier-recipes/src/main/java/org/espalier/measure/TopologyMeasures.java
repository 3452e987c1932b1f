/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.measure;

import java.util.List;
import java.util.Optional;

/**
 * How a topology has moved, of all sparse layers together and of each.
 *
 * @param overall all sparse layers
 * @param layers each sparse layer, input first
 */
public record TopologyMeasures(Movement overall, List<Movement> layers) {

  /**
   * Shares in [0, 1].
   *
   * @param cells positions there are
   * @param explored share of all positions that were ever active (the exploration rate R_s of Liu
   *     et al., Do We Actually Need Dense Over-Parameterization?, ICML 2021)
   * @param fromStart Jaccard distance to the connections the run began with
   * @param fromLast Jaccard distance to the connections before the last update
   */
  public record Movement(long cells, double explored, double fromStart, double fromLast) {

    /** What is said where nothing is measured. */
    public static final Movement UNKNOWN = new Movement(0, Double.NaN, Double.NaN, Double.NaN);

    /** Returns the share of the positions that so many connections are; NaN if nothing is known. */
    public double density(int nnz) {
      return cells == 0 ? Double.NaN : nnz / (double) cells;
    }
  }

  /** Copies the list. */
  public TopologyMeasures {
    layers = List.copyOf(layers);
  }

  /** Returns how a layer has moved, as far as it is known. */
  public static Movement ofLayer(Optional<TopologyMeasures> measures, int layer) {
    return measures.map(known -> known.layers.get(layer)).orElse(Movement.UNKNOWN);
  }

  /** Returns how all sparse layers together have moved, as far as it is known. */
  public static Movement ofAll(Optional<TopologyMeasures> measures) {
    return measures.map(TopologyMeasures::overall).orElse(Movement.UNKNOWN);
  }
}
