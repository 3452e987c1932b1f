/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cli;

import java.io.PrintWriter;
import java.util.Locale;
import org.espalier.job.TopologyComparison;

/** Prints how far the topologies of two runs are apart. */
final class TopologyComparisonTable {

  private TopologyComparisonTable() {}

  static void print(PrintWriter out, TopologyComparison comparison) {
    out.printf("%-10s %15s %12s %9s  %s%n", "layer", "shape", "by position", "matched", "matching");
    for (TopologyComparison.Layer layer : comparison.layers()) {
      row(
          out,
          layer.name(),
          layer.outputs() + " x " + layer.inputs(),
          layer.byPosition(),
          layer.matched(),
          layer.matching().name().toLowerCase(Locale.ROOT));
    }
    row(out, "all", "", comparison.byPosition(), comparison.matched(), "");
    out.printf(
        "%n0 is the same topology, 1 no connection in common. By position: neurons are the same if they have the same"
            + "%nnumber. Matched: neurons are paired so that as many inputs as possible agree (NNSTD, Liu et al. 2020).%n");
  }

  private static void row(
      PrintWriter out,
      String name,
      String shape,
      double byPosition,
      double matched,
      String matching) {
    String line =
        String.format(
            Locale.ROOT, "%-10s %15s %12.4f %9.4f  %s", name, shape, byPosition, matched, matching);
    out.println(line.stripTrailing());
  }
}
