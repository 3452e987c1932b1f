/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.espalier.job.SuiteJob;
import org.espalier.suite.AttackPoint;
import org.espalier.suite.Calibration;
import org.espalier.suite.CalibrationResult;
import org.espalier.suite.Detection;
import org.espalier.suite.OodResult;
import org.espalier.suite.OodSet;
import org.espalier.suite.RobustnessResult;
import org.espalier.suite.SuiteSetting;

/** Shows how suites go, as a line on a terminal, and what they find, as tables. */
final class SuiteDisplay implements SuiteJob.Listener {

  private final PrintWriter out;
  private final StatusLine line;

  /**
   * Creates a display.
   *
   * @param columns width of the terminal, 0 if there is none
   */
  SuiteDisplay(PrintWriter out, int columns) {
    this.out = out;
    this.line = new StatusLine(out, columns);
  }

  @Override
  public void update(String stage, long done, long total) {
    if (line.isDue()) {
      line.draw("%s  %,d of %,d samples".formatted(stage, done, total));
    }
  }

  /** Removes the line, so that something else can be printed. */
  void clear() {
    line.clear();
  }

  private void print(String format, Object... values) {
    out.printf(Locale.ROOT, format, values);
  }

  private void heading(SuiteSetting setting, long samples) {
    clear();
    print(
        "%s of %s on %s, %,d test samples, backend %s%n",
        setting.suite(), setting.recipe(), setting.data(), samples, setting.backend());
  }

  @Override
  public void onCalibration(SuiteSetting setting, CalibrationResult result, Path page) {
    heading(setting, result.samples());
    Calibration before = result.before();
    Calibration after = result.after();
    String scaled = String.format(Locale.ROOT, "temperature %.3f", result.temperature());
    print("  %-16s%14s%22s%n", "", "as trained", scaled);
    print(
        "  %-16s%12.2f %%%20.2f %%%n", "accuracy", 100 * before.accuracy(), 100 * after.accuracy());
    print("  %-16s%12.2f %%%20.2f %%%n", "ECE (15 bins)", 100 * before.ece(), 100 * after.ece());
    print("  %-16s%14.4f%22.4f%n", "NLL", before.nll(), after.nll());
    print("  %-16s%14.4f%22.4f%n", "Brier score", before.brier(), after.brier());
    print("  temperature fitted to %s%n", result.fittedOn());
    if (result.temperatureAtLimit()) {
      print("  no temperature was best on them: this is the limit of the search%n");
    }
    page(page);
  }

  @Override
  public void onOod(SuiteSetting setting, OodResult result, Path page) {
    heading(setting, result.sets().stream().mapToInt(OodSet::samples).max().orElse(0));
    int width = result.sets().stream().mapToInt(set -> set.name().length()).max().orElse(0);
    String name = "  %-" + Math.max(12, width) + "s";
    print(
        name + "%9s  %-20s%9s%9s%17s%n",
        "",
        "samples",
        "score",
        "AUROC",
        "AUPR",
        "FPR at 95 % TPR");
    for (OodSet set : result.sets()) {
      row(name, set, "largest probability", set.maxSoftmax());
      row(name, set, "energy", set.energy());
    }
    page(page);
  }

  private void row(String name, OodSet set, String score, Detection found) {
    print(
        name + "%,9d  %-20s%7.2f %%%7.2f %%%15.2f %%%n",
        set.name(),
        set.samples(),
        score,
        100 * found.auroc(),
        100 * found.aupr(),
        100 * found.fpr95());
  }

  @Override
  public void onRobustness(SuiteSetting setting, RobustnessResult result, Path page) {
    heading(setting, result.samples());
    print("  %-10s%16s%12s%16s%12s%n", "eps", "FGSM accuracy", "loss", "PGD accuracy", "loss");
    row("clean", result.clean(), result.clean());
    List<AttackPoint> fgsm = result.of("fgsm");
    List<AttackPoint> pgd = result.of("pgd");
    for (int i = 0; i < fgsm.size(); i++) {
      row(result.epsText(fgsm.get(i).eps()), fgsm.get(i), pgd.get(i));
    }
    print("  eps is a share of %s%n", result.unit());
    print(
        "  gradient norm %.4g over all connections, on %,d training samples%n",
        result.gradientNorm(), result.gradientSamples());
    page(page);
  }

  private void row(String name, AttackPoint fgsm, AttackPoint pgd) {
    print(
        "  %-10s%14.2f %%%12.4f%14.2f %%%12.4f%n",
        name, 100 * fgsm.accuracy(), fgsm.loss(), 100 * pgd.accuracy(), pgd.loss());
  }

  private void page(Path page) {
    print("  page %s%n", page.toUri());
    out.flush();
  }
}
