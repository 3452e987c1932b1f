/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.run.report;

import java.util.function.Consumer;
import org.espalier.suite.CalibrationResult;
import org.espalier.suite.OodResult;
import org.espalier.suite.RobustnessResult;
import org.espalier.suite.SuiteSetting;

/** Pages about what suites found, each complete in itself as the report of a run is. */
public final class SuitePage {

  private SuitePage() {}

  /** Returns the page about calibration as HTML. */
  public static String of(SuiteSetting setting, CalibrationResult result) {
    return page("Calibration", setting, out -> new CalibrationSection(result).addTo(out));
  }

  /** Returns the page about detection of other sets as HTML. */
  public static String of(SuiteSetting setting, OodResult result) {
    return page("Out of distribution", setting, out -> new OodSection(result).addTo(out));
  }

  /** Returns the page about robustness as HTML. */
  public static String of(SuiteSetting setting, RobustnessResult result) {
    return page("Robustness", setting, out -> new RobustnessSection(result).addTo(out));
  }

  private static String page(String heading, SuiteSetting setting, Consumer<Markup> section) {
    String title = "%s: %s on %s".formatted(heading, setting.recipe(), setting.data());
    return HtmlPage.of(
        title,
        out -> {
          out.open("header").open("h1").text(heading);
          String what = " of %s on %s".formatted(setting.recipe(), setting.data());
          out.leaf("span", what, "class", "soft").close();
          String how =
              "backend %s, seed %d, Espalier %s"
                  .formatted(setting.backend(), setting.seed(), setting.espalierVersion());
          out.leaf("p", how, "class", "soft").close();
          section.accept(out);
        });
  }
}
