/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cli;

import java.io.PrintWriter;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;
import java.util.function.Function;
import org.espalier.plasticity.PlasticityPoint;
import org.espalier.plasticity.PlasticityResult;
import org.espalier.plasticity.PlasticityTrial;
import org.espalier.plasticity.PruningMethod;

/** Prints what pruning did: a block for each share removed, a column for each point of the run. */
record PlasticityTable(PlasticityResult result) {

  private static final int NAME = 28;

  void print(PrintWriter out) {
    row(out, "epoch", point -> Integer.toString(point.epoch()));
    row(out, "learning rate", point -> plain(point.learningRate()));
    row(out, "test accuracy before, %", point -> fixed("%.2f", 100 * point.accuracy()));
    int more = result.setting().continuedEpochs();
    out.printf(
        "%nchange of test accuracy in points, after %d more %s%n",
        more, more == 1 ? "epoch" : "epochs");
    row(out, "not pruned", point -> fixed("%+.2f", 100 * point.change()));
    for (double remove : result.setting().remove()) {
      out.printf("%nwith %s %% of the connections removed%n", plain(100 * remove));
      for (PruningMethod method : PruningMethod.values()) {
        row(out, method.title(), point -> fixed("%+.2f", change(point, remove, method)));
      }
    }
    out.flush();
  }

  private static double change(PlasticityPoint point, double remove, PruningMethod method) {
    return 100 * point.trial(remove, method).map(PlasticityTrial::plasticity).orElse(Double.NaN);
  }

  private void row(PrintWriter out, String name, Function<PlasticityPoint, String> cell) {
    StringBuilder line = new StringBuilder(String.format("%-" + NAME + "s", name));
    result.points().forEach(point -> line.append(String.format("%9s", cell.apply(point))));
    out.println(line);
  }

  private static String fixed(String format, double number) {
    return Double.isFinite(number) ? String.format(Locale.ROOT, format, number) : "-";
  }

  /** Returns a number with up to three digits, without zeros at its end. */
  private static String plain(double number) {
    return new BigDecimal(number).round(new MathContext(3)).stripTrailingZeros().toPlainString();
  }
}
