/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.run.report;

import java.nio.file.Path;
import org.espalier.run.RunIo;

/** Writes report.html: a page about a run that opens anywhere, without a network. */
public final class Report {

  private Report() {}

  /** Writes the report; the file is there in full or not at all. */
  public static void write(Path file, ReportInput input) {
    RunIo.writeText(file, render(input));
  }

  /** Returns the report as HTML. */
  public static String render(ReportInput input) {
    String title = input.summary().recipe() + " on " + input.summary().data();
    return HtmlPage.of(title, out -> body(out, input));
  }

  private static void body(Markup out, ReportInput input) {
    new HeadlineSection(input.summary()).addTo(out);
    out.open("div", "class", "cards");
    if (!input.metrics().epochs().isEmpty()) {
      new CurvesSection(input.metrics().epochs()).addTo(out);
    }
    TopologySection changes = new TopologySection(input.metrics(), input.summary().topology());
    if (!input.layers().isEmpty()) {
      new LayersSection(input.layers(), input.summary().topology()).addTo(out);
      new InputMapSection(input.layers().get(0), input.image()).addTo(out, changes.isEmpty());
    }
    if (!changes.isEmpty()) {
      changes.addBesideMap(out.open("div", "class", "stack"));
      out.close();
      changes.addRest(out);
    }
    new DegreesSection(input.layers(), input.summary().topology()).addTo(out);
    new DetailsSection(input.metrics().epochs(), input.recipe()).addTo(out);
    out.close();
  }
}
