/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.run.report;

import java.util.List;
import org.espalier.measure.ScaleFreeness;
import org.espalier.run.DegreeStatistics;
import org.espalier.run.DegreeSummary;
import org.espalier.run.LayerTopology;
import org.espalier.run.TopologySummary;

/**
 * Two rows for each sparse layer, connections of its inputs and of its outputs: a histogram, and
 * the tail beside the best power law. Of many layers all but the first are folded.
 */
record DegreesSection(List<LayerTopology> layers, TopologySummary summary) {

  /** As many layers are shown at once. */
  private static final int UNFOLDED = 6;

  void addTo(Markup out) {
    out.open("div", "class", "cards wide");
    for (int l = 0; l < layers.size(); l++) {
      boolean folded = l >= UNFOLDED;
      if (folded) {
        String heading = layers.get(l).name() + ": connections of inputs and outputs";
        out.open("details", "class", "card wide").leaf("summary", heading);
        out.open("div", "class", "cards");
      }
      addTo(out, layers.get(l), summary.layers().get(l));
      if (folded) {
        out.close().close();
      }
    }
    out.close();
  }

  private static void addTo(Markup out, LayerTopology layer, TopologySummary.Layer about) {
    TopologySummary.Start start = about.start();
    DegreeStatistics inputs = layer.inputStatistics();
    DegreeStatistics outputs = layer.outputStatistics();
    histogram(out, layer.name() + ": connections of an input", "inputs", inputs);
    tail(
        out,
        layer.name() + ": are inputs scale-free?",
        "inputs",
        inputs,
        about.inputs().powerLaw(),
        start == null ? null : start.inputs());
    histogram(out, layer.name() + ": connections of an output", "outputs", outputs);
    tail(
        out,
        layer.name() + ": are outputs scale-free?",
        "outputs",
        outputs,
        about.outputs().powerLaw(),
        start == null ? null : start.outputs());
  }

  private static void histogram(
      Markup out, String heading, String neurons, DegreeStatistics degrees) {
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

  private static void tail(
      Markup out,
      String heading,
      String neurons,
      DegreeStatistics degrees,
      ScaleFreeness now,
      DegreeSummary start) {
    String verdict = sentence(now.verdict());
    HtmlPage.card(
        out,
        "",
        heading,
        start == null ? verdict : verdict + " At the start: " + start.powerLaw().verdict() + ".");
    if (degrees.max() > 0) {
      new SvgTailChart(heading, neurons, degrees, now).addTo(out);
    } else {
      out.leaf("p", "No connections to draw.", "class", "nothing");
    }
    out.close();
  }

  private static String sentence(String phrase) {
    return Character.toUpperCase(phrase.charAt(0)) + phrase.substring(1) + ".";
  }
}
