/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.run.report;

import java.util.List;
import java.util.Optional;
import org.espalier.data.table.ImageShape;
import org.espalier.run.LayerTopology;
import org.espalier.run.RunMetrics;
import org.espalier.run.RunSummary;

/**
 * Everything a report shows.
 *
 * @param summary the result
 * @param metrics of all epochs and topology updates; may be empty
 * @param layers connections of each sparse layer after training, input first
 * @param image the image that the inputs make up, if they do
 * @param recipe the settings as YAML
 */
public record ReportInput(
    RunSummary summary,
    RunMetrics metrics,
    List<LayerTopology> layers,
    Optional<ImageShape> image,
    String recipe) {

  /** Copies the list. */
  public ReportInput {
    layers = List.copyOf(layers);
  }
}
