/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.run;

import java.util.List;
import org.espalier.train.TrainingListener.TopologyReport;

/**
 * What metrics.jsonl says about a topology update.
 *
 * @param update number of the update, from 1
 * @param epoch running or just finished, from 1
 * @param step steps since the start of the run
 * @param seconds what the update took
 * @param layers each sparse layer, input first
 */
public record TopologyMetrics(int update, int epoch, long step, double seconds, List<Layer> layers)
    implements Metric {

  /**
   * What the update did to a layer.
   *
   * @param name of the layer
   * @param pruned connections removed
   * @param grown connections added
   * @param nnz connections afterwards
   */
  public record Layer(String name, int pruned, int grown, int nnz) {}

  /** Copies the list. */
  public TopologyMetrics {
    layers = List.copyOf(layers);
  }

  static TopologyMetrics of(TopologyReport report) {
    return new TopologyMetrics(
        report.update(),
        report.epoch(),
        report.step(),
        report.seconds(),
        report.changes().stream()
            .map(c -> new Layer(c.layer(), c.pruned(), c.grown(), c.nnz()))
            .toList());
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
