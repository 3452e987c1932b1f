/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.run.report;

import java.util.List;
import org.espalier.run.DegreeStatistics;
import org.espalier.run.LayerTopology;

/** Two histograms for each sparse layer: connections of its inputs and of its outputs. */
record DegreesSection(List<LayerTopology> layers) {

  void addTo(Markup out) {
    out.open("div", "class", "cards wide");
    for (LayerTopology layer : layers) {
      card(out, layer.name() + ": connections of an input", "inputs", layer.inputStatistics());
      card(out, layer.name() + ": connections of an output", "outputs", layer.outputStatistics());
    }
    out.close();
  }

  private static void card(Markup out, String heading, String neurons, DegreeStatistics degrees) {
    String about =
        "Mean %s, standard deviation %s; drawn at random it would be %s."
            .formatted(
                Numbers.fixed(degrees.mean(), 1),
                Numbers.fixed(degrees.deviation(), 1),
                Numbers.fixed(degrees.randomDeviation(), 1));
    SvgHistogram chart = new SvgHistogram(heading, "Connections", neurons, degrees);
    HtmlPage.card(
        out, "", heading, chart.isCut() ? about + " The last bar holds all beyond." : about);
    out.open("div", "class", "legend").leaf("span", neurons, "class", "key box c1");
    out.leaf("span", "expected at random", "class", "key random").close();
    chart.addTo(out);
    out.close();
  }
}
