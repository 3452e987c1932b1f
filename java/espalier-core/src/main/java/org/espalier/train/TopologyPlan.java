/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.train;

import org.espalier.topology.TopologyRule;
import org.espalier.topology.UpdateSchedule;

/**
 * How connections change in a run.
 *
 * @param rule what happens at an update
 * @param schedule when updates happen
 * @param gradientBatches batches that the gradients of an update are of, if the rule needs any; a
 *     batch of all of them goes through the network at once
 */
public record TopologyPlan(TopologyRule rule, UpdateSchedule schedule, int gradientBatches) {

  /** Checks the number. */
  public TopologyPlan {
    if (rule == null || schedule == null) {
      throw new IllegalArgumentException("a topology plan needs a rule and a schedule");
    }
    if (gradientBatches < 1) {
      throw new IllegalArgumentException(
          "gradients of " + gradientBatches + " batches; expected at least 1");
    }
  }
}
