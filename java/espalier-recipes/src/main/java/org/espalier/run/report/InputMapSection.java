/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.run.report;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.espalier.data.table.ImageShape;
import org.espalier.run.DegreeStatistics;
import org.espalier.run.LayerTopology;

/** Where the first layer looks: connections of each input, as an image if the inputs are one. */
record InputMapSection(LayerTopology first, Optional<ImageShape> image) {

  private static final int MOST_POINTS = 1000;

  /** Adds the card, as wide as the page if nothing stands beside it. */
  void addTo(Markup out, boolean alone) {
    int[] degrees = first.inputDegrees();
    DegreeStatistics statistics = first.inputStatistics();
    int none = statistics.unconnected();
    String about =
        "Connections of each input of %s: %s to %s, mean %s; %s."
            .formatted(
                first.name(),
                Numbers.count(statistics.min()),
                Numbers.count(statistics.max()),
                Numbers.fixed(statistics.mean(), 1),
                none == 0
                    ? "every input has some"
                    : Numbers.count(none)
                        + " of "
                        + Numbers.count(degrees.length)
                        + " inputs have none");
    HtmlPage.card(out, alone ? "wide" : "start", "Where the network looks", about);
    if (image.isPresent() && image.get().features() == degrees.length) {
      new SvgHeatMap(image.get(), degrees).addTo(out);
    } else {
      ranks(degrees).addTo(out);
    }
    out.close();
  }

  private static SvgLineChart ranks(int[] degrees) {
    int[] sorted = degrees.clone();
    Arrays.sort(sorted);
    int points = Math.min(MOST_POINTS, sorted.length);
    int[] rank = new int[points];
    double[] degree = new double[points];
    for (int i = 0; i < points; i++) {
      int at = points == 1 ? 0 : (int) ((long) i * (sorted.length - 1) / (points - 1));
      rank[i] = at + 1;
      degree[i] = sorted[sorted.length - 1 - at];
    }
    return new SvgLineChart(
        "Connections of each input, most first",
        "Input, by its connections",
        "Connections",
        false,
        rank,
        List.of(new SvgLineChart.Series("connections of an input", "c1", degree, -1)));
  }
}
