/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.espalier.measure.PositionSet;
import org.espalier.measure.TopologyMeasures;
import org.espalier.measure.TopologyMeasures.Movement;
import org.espalier.measure.TopologyTracker;

/**
 * What became of the topology, in summary.json. What a run does not remember (measure.exploration)
 * is null there, and NaN or null here.
 *
 * @param explored share of the positions of all sparse layers that were ever active
 * @param distanceFromStart Jaccard distance of their connections to those the run began with
 * @param layers each sparse layer, input first
 */
public record TopologySummary(double explored, double distanceFromStart, List<Layer> layers) {

  /**
   * A sparse layer.
   *
   * @param name of the layer
   * @param density share of its positions that are connections
   * @param explored share of its positions that were ever active
   * @param distanceFromStart Jaccard distance to the connections it began with
   * @param inputs how many connections its inputs have
   * @param outputs how many connections its outputs have
   * @param start what it was like at the start, or null
   */
  public record Layer(
      String name,
      double density,
      double explored,
      double distanceFromStart,
      DegreeSummary inputs,
      DegreeSummary outputs,
      Start start) {}

  /**
   * A sparse layer at the start of a run.
   *
   * @param density share of its positions that were connections
   * @param inputs how many connections its inputs had
   * @param outputs how many connections its outputs had
   */
  public record Start(double density, DegreeSummary inputs, DegreeSummary outputs) {

    private static Start of(PositionSet set) {
      int[] inputs = set.inputDegrees();
      int[] outputs = set.outputDegrees();
      return new Start(
          set.size() / (double) set.cells(),
          DegreeSummary.of(inputs, outputs.length, SEED),
          DegreeSummary.of(outputs, inputs.length, SEED));
    }
  }

  /** Seeds the test of power laws: equal degrees are judged alike in every run. */
  public static final long SEED = 1;

  /** Copies the list. */
  public TopologySummary {
    layers = List.copyOf(layers);
  }

  /**
   * Summarises the topology of a network that has been trained.
   *
   * @param topologies its sparse layers, input first
   * @param tracker of the network, if the run remembers
   */
  public static TopologySummary of(
      List<LayerTopology> topologies, Optional<TopologyTracker> tracker) {
    Optional<TopologyMeasures> measures = tracker.map(TopologyTracker::measures);
    List<PositionSet> starts = tracker.map(TopologyTracker::start).orElse(List.of());
    List<Layer> layers = new ArrayList<>();
    for (int l = 0; l < topologies.size(); l++) {
      PositionSet start = starts.isEmpty() ? null : starts.get(l);
      layers.add(layer(topologies.get(l), TopologyMeasures.ofLayer(measures, l), start));
    }
    Movement overall = TopologyMeasures.ofAll(measures);
    return new TopologySummary(overall.explored(), overall.fromStart(), layers);
  }

  private static Layer layer(LayerTopology now, Movement movement, PositionSet start) {
    return new Layer(
        now.name(),
        now.density(),
        movement.explored(),
        movement.fromStart(),
        DegreeSummary.of(now.inputDegrees(), now.outputs(), SEED),
        DegreeSummary.of(now.outputDegrees(), now.inputs(), SEED),
        start == null ? null : Start.of(start));
  }
}
