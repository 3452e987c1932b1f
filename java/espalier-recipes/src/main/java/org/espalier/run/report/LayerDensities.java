/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.run.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import org.espalier.run.EpochMetrics;
import org.espalier.run.RunMetrics;
import org.espalier.run.TopologyMetrics;
import org.espalier.run.TopologySummary;

/**
 * The density of each sparse layer over the run.
 *
 * @param xTitle what x counts
 * @param x when, ascending
 * @param names of the layers, input first
 * @param densities of each layer, at each x
 */
record LayerDensities(String xTitle, int[] x, List<String> names, double[][] densities) {

  private static final int COLORS = 6;

  /** Where densities span more than this factor, equal factors are drawn as equal lengths. */
  private static final double WIDE = 20;

  /**
   * Takes densities at the start and after each update, or where a run does not tell them, those
   * after each epoch.
   */
  static LayerDensities of(RunMetrics metrics, TopologySummary summary) {
    boolean tracked =
        !metrics.updates().isEmpty()
            && metrics.updates().get(0).layers().stream()
                .allMatch(layer -> Double.isFinite(layer.density()));
    return tracked ? ofUpdates(metrics, summary) : ofEpochs(metrics.epochs());
  }

  private static LayerDensities ofUpdates(RunMetrics metrics, TopologySummary summary) {
    List<TopologyMetrics> updates = metrics.updates();
    List<String> names = updates.get(0).layers().stream().map(TopologyMetrics.Layer::name).toList();
    int[] at = Thinning.of(updates.size());
    List<Integer> x = new ArrayList<>();
    List<double[]> rows = new ArrayList<>();
    if (summary != null && summary.layers().stream().allMatch(layer -> layer.start() != null)) {
      x.add(0);
      rows.add(summary.layers().stream().mapToDouble(layer -> layer.start().density()).toArray());
    }
    for (int i : at) {
      x.add((int) updates.get(i).step());
      rows.add(
          updates.get(i).layers().stream().mapToDouble(TopologyMetrics.Layer::density).toArray());
    }
    long end = metrics.epochs().stream().mapToLong(EpochMetrics::step).max().orElse(0);
    if (end > x.get(x.size() - 1)) {
      x.add((int) end);
      rows.add(rows.get(rows.size() - 1));
    }
    return of("Step", x, names, rows);
  }

  private static LayerDensities ofEpochs(List<EpochMetrics> epochs) {
    return of(
        "Epoch",
        epochs.stream().map(EpochMetrics::epoch).toList(),
        epochs.get(0).layers().stream().map(EpochMetrics.Layer::name).toList(),
        epochs.stream()
            .map(e -> e.layers().stream().mapToDouble(EpochMetrics.Layer::density).toArray())
            .toList());
  }

  private static LayerDensities of(
      String xTitle, List<Integer> x, List<String> names, List<double[]> rows) {
    double[][] densities = new double[names.size()][rows.size()];
    for (int i = 0; i < rows.size(); i++) {
      for (int l = 0; l < names.size(); l++) {
        densities[l][i] = rows.get(i)[l];
      }
    }
    return new LayerDensities(
        xTitle, x.stream().mapToInt(Integer::intValue).toArray(), names, densities);
  }

  SvgLineChart chart() {
    List<SvgLineChart.Series> series = new ArrayList<>();
    for (int l = 0; l < names.size(); l++) {
      String style = "c" + (1 + l % COLORS);
      series.add(new SvgLineChart.Series(names.get(l), style, densities[l], -1));
    }
    double[] positive =
        Arrays.stream(densities).flatMapToDouble(Arrays::stream).filter(d -> d > 0).toArray();
    double least = DoubleStream.of(positive).min().orElse(1);
    double most = DoubleStream.of(positive).max().orElse(1);
    SvgLineChart.Scale scale =
        most > WIDE * least ? SvgLineChart.Scale.LOG_SHARE : SvgLineChart.Scale.SHARE;
    return new SvgLineChart("Density of each layer", xTitle, "Density", scale, x, series);
  }
}
