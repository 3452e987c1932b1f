/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.espalier.measure.TopologyMeasures;
import org.espalier.measure.TopologyMeasures.Movement;
import org.espalier.topology.TopologyChange;
import org.espalier.train.TrainingListener.TopologyReport;

/**
 * What metrics.jsonl says about a topology update. Shares of a run that does not remember its
 * topologies (measure.exploration) are null there and NaN here.
 *
 * @param update number of the update, from 1
 * @param epoch running or just finished, from 1
 * @param step steps since the start of the run
 * @param seconds what the update took
 * @param explored share of the positions of all sparse layers that were ever active
 * @param distanceFromStart Jaccard distance to the connections the run began with
 * @param distanceFromLast Jaccard distance to the connections before the update
 * @param layers each sparse layer, input first
 */
public record TopologyMetrics(
    int update,
    int epoch,
    long step,
    double seconds,
    double explored,
    double distanceFromStart,
    double distanceFromLast,
    List<Layer> layers)
    implements Metric {

  /**
   * What the update did to a layer.
   *
   * @param name of the layer
   * @param pruned connections removed
   * @param grown connections added
   * @param nnz connections afterwards
   * @param density share of the layer's positions that they are
   * @param explored share of the layer's positions that were ever active
   * @param distanceFromStart Jaccard distance to the connections the run began with
   * @param distanceFromLast Jaccard distance to the connections before the update
   */
  public record Layer(
      String name,
      int pruned,
      int grown,
      int nnz,
      double density,
      double explored,
      double distanceFromStart,
      double distanceFromLast) {

    private static Layer of(TopologyChange change, Movement movement) {
      return new Layer(
          change.layer(),
          change.pruned(),
          change.grown(),
          change.nnz(),
          movement.density(change.nnz()),
          movement.explored(),
          movement.fromStart(),
          movement.fromLast());
    }
  }

  /** Copies the list. */
  public TopologyMetrics {
    layers = List.copyOf(layers);
  }

  /**
   * Returns the metrics of an update.
   *
   * @param measures of the topology after it, if the run remembers
   */
  static TopologyMetrics of(TopologyReport report, Optional<TopologyMeasures> measures) {
    List<Layer> layers = new ArrayList<>();
    for (int l = 0; l < report.changes().size(); l++) {
      layers.add(Layer.of(report.changes().get(l), TopologyMeasures.ofLayer(measures, l)));
    }
    Movement overall = TopologyMeasures.ofAll(measures);
    return new TopologyMetrics(
        report.update(),
        report.epoch(),
        report.step(),
        report.seconds(),
        overall.explored(),
        overall.fromStart(),
        overall.fromLast(),
        layers);
  }

  /** Returns the connections removed in all layers. */
  public long pruned() {
    return layers.stream().mapToLong(Layer::pruned).sum();
  }

  /** Returns the connections added in all layers. */
  public long grown() {
    return layers.stream().mapToLong(Layer::grown).sum();
  }
}
