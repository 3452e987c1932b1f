/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.train;

import java.util.List;
import org.espalier.nn.Network;
import org.espalier.topology.TopologyChange;
import org.espalier.topology.TopologyMemory;

/** A topology update by itself, outside a run. */
public final class SingleUpdate {

  private SingleUpdate() {}

  /**
   * Changes the connections of a network once, by the rule of a plan. Gradients, if the rule needs
   * any, are those of the first samples that a run with this plan would see.
   *
   * @param network built for batches of {@link TrainingPlan#largestBatch} or all samples
   * @param plan with a topology plan; its schedule is not asked
   * @return what happened to each sparse layer, input first
   */
  public static List<TopologyChange> apply(Network network, TrainingPlan plan, SampleSource train) {
    Progress progress = new Progress();
    progress.trainingSet = train.size();
    int steps = (int) (((long) train.size() + plan.stepSize() - 1) / plan.stepSize());
    try (TopologyMemory memory = new TopologyMemory();
        TopologyUpdates updates = new TopologyUpdates(network, plan, progress, memory, train)) {
      return updates.next(false, steps);
    }
  }
}
