/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.run.report;

import java.util.List;
import org.espalier.run.EpochMetrics;
import org.espalier.run.RunMetrics;
import org.espalier.run.TopologyMetrics;
import org.espalier.run.TopologySummary;

/** How the topology changed: connections pruned and grown, densities, what was tried. */
record TopologySection(RunMetrics metrics, TopologySummary summary) {

  boolean isEmpty() {
    return metrics.updates().isEmpty() && !densityChanges();
  }

  private boolean densityChanges() {
    List<EpochMetrics> epochs = metrics.epochs();
    boolean byUpdates =
        metrics.updates().stream()
            .flatMap(update -> update.layers().stream())
            .anyMatch(layer -> layer.pruned() != layer.grown());
    return byUpdates || epochs.stream().anyMatch(e -> !e.layers().equals(epochs.get(0).layers()));
  }

  private boolean isTracked() {
    return metrics.updates().stream().anyMatch(u -> Double.isFinite(u.explored()));
  }

  /** Adds what goes beside the map of inputs, one below the other: a card, or two. */
  void addBesideMap(Markup out) {
    updates(out);
    if (!densityChanges()) {
      exploration(out);
    }
  }

  /** Adds the rest, side by side. */
  void addRest(Markup out) {
    if (densityChanges()) {
      String about = isTracked() ? "After each topology update." : "After each epoch.";
      HtmlPage.card(out, isTracked() ? "" : "wide", "Density of each layer", about);
      LayerDensities.of(metrics, summary).chart().addTo(out);
      out.close();
      exploration(out);
    }
  }

  private void updates(Markup out) {
    if (!metrics.updates().isEmpty()) {
      long pruned = metrics.updates().stream().mapToLong(TopologyMetrics::pruned).sum();
      long grown = metrics.updates().stream().mapToLong(TopologyMetrics::grown).sum();
      HtmlPage.card(out, "", "Pruned and grown", "");
      out.open("div", "class", "legend");
      out.leaf("span", Numbers.count(grown) + " grown", "class", "key grown");
      out.leaf("span", Numbers.count(pruned) + " pruned", "class", "key pruned").close();
      new SvgUpdateChart(metrics.updates()).addTo(out);
      out.close();
    }
  }

  private void exploration(Markup out) {
    if (isTracked()) {
      new ExplorationCard(metrics.updates()).addTo(out);
    }
  }
}
