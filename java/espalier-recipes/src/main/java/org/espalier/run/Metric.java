/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.run;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** A line of metrics.jsonl; {@code "event"} tells which kind. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "event")
@JsonSubTypes({
  @JsonSubTypes.Type(value = EpochMetrics.class, name = "epoch"),
  @JsonSubTypes.Type(value = TopologyMetrics.class, name = "topology")
})
public sealed interface Metric permits EpochMetrics, TopologyMetrics {}
