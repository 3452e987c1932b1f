/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.run;

import java.util.List;

/**
 * Everything in metrics.jsonl.
 *
 * @param epochs in order
 * @param updates topology updates in order
 */
public record RunMetrics(List<EpochMetrics> epochs, List<TopologyMetrics> updates) {

  /** Copies the lists. */
  public RunMetrics {
    epochs = List.copyOf(epochs);
    updates = List.copyOf(updates);
  }

  /** Sorts metrics into the two kinds. */
  static RunMetrics of(List<Metric> metrics) {
    return new RunMetrics(
        metrics.stream()
            .filter(EpochMetrics.class::isInstance)
            .map(EpochMetrics.class::cast)
            .toList(),
        metrics.stream()
            .filter(TopologyMetrics.class::isInstance)
            .map(TopologyMetrics.class::cast)
            .toList());
  }
}
