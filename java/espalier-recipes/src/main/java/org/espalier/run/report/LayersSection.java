/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.run.report;

import java.util.List;
import org.espalier.run.DegreeStatistics;
import org.espalier.run.LayerTopology;
import org.espalier.run.TopologySummary;

/** A line for each sparse layer: how many connections it has, of how many. */
record LayersSection(List<LayerTopology> layers, TopologySummary summary) {

  private static final List<String> COLUMNS =
      List.of(
          "Layer",
          "Inputs → outputs",
          "Connections",
          "of",
          "Density",
          "",
          "Ever active",
          "Fan-in",
          "Unconnected inputs",
          "Unconnected outputs");

  void addTo(Markup out) {
    HtmlPage.card(
        out, "wide", "Layers", "Sparse layers after training. Dense layers are left out.");
    HtmlPage.table(out, COLUMNS);
    double densest = layers.stream().mapToDouble(LayerTopology::density).max().orElse(1);
    for (int l = 0; l < layers.size(); l++) {
      LayerTopology layer = layers.get(l);
      DegreeStatistics inputs = layer.inputStatistics();
      DegreeStatistics outputs = layer.outputStatistics();
      out.open("tr").leaf("td", layer.name(), "class", "name");
      out.leaf("td", Numbers.count(layer.inputs()) + " → " + Numbers.count(layer.outputs()));
      out.leaf("td", Numbers.count(layer.nnz()));
      out.leaf("td", Numbers.count((long) layer.inputs() * layer.outputs()));
      out.leaf("td", Numbers.percent(layer.density()));
      double share = densest == 0 ? 0 : layer.density() / densest;
      out.open("td", "class", "meter").open("div");
      out.leaf("div", "", "style", "width:" + Numbers.fixed(100 * share, 1) + "%").close().close();
      out.leaf("td", Numbers.percent(summary.layers().get(l).explored()));
      out.leaf("td", "%s (%s)".formatted(Numbers.fixed(outputs.mean(), 1), range(outputs)));
      out.leaf("td", unconnected(inputs));
      out.leaf("td", unconnected(outputs)).close();
    }
    out.close().close().close();
  }

  private static String range(DegreeStatistics degrees) {
    return Numbers.count(degrees.min()) + " to " + Numbers.count(degrees.max());
  }

  private static String unconnected(DegreeStatistics degrees) {
    return degrees.unconnected() == 0 ? "none" : Numbers.count(degrees.unconnected());
  }
}
