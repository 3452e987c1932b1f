/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cli;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.espalier.plasticity.PlasticityPoint;
import org.espalier.plasticity.PlasticityResult;
import org.espalier.plasticity.PlasticityTrial;
import org.espalier.plasticity.PruningMethod;

/** Prints what pruning did: a block for each share removed, a column for each point of the run. */
record PlasticityTable(PlasticityResult result) {

  private static final int NAME = 28;

  void print(PrintWriter out) {
    row(out, "epoch", "%8.0f", PlasticityPoint::epoch);
    row(out, "learning rate", "%8.2g", PlasticityPoint::learningRate);
    row(out, "test accuracy before, %", "%8.2f", point -> 100 * point.accuracy());
    out.printf(
        "%nchange of test accuracy in points, after %d more epochs%n",
        result.setting().continuedEpochs());
    row(out, "not pruned", "%+8.2f", point -> 100 * point.change());
    for (double remove : result.setting().remove()) {
      out.printf(Locale.ROOT, "%nwith %.4g %% of the connections removed%n", 100 * remove);
      for (PruningMethod method : PruningMethod.values()) {
        row(out, method.title(), "%+8.2f", point -> change(point, remove, method));
      }
    }
    out.flush();
  }

  private static double change(PlasticityPoint point, double remove, PruningMethod method) {
    return 100 * point.trial(remove, method).map(PlasticityTrial::plasticity).orElse(Double.NaN);
  }

  private void row(
      PrintWriter out, String name, String format, ToDoubleFunction<PlasticityPoint> value) {
    StringBuilder line = new StringBuilder(String.format("%-" + NAME + "s", name));
    for (PlasticityPoint point : result.points()) {
      double number = value.applyAsDouble(point);
      line.append(
          Double.isFinite(number) ? String.format(Locale.ROOT, format, number) : "       -");
    }
    out.println(line);
  }
}
