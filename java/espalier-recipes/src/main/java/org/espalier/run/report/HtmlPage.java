/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.run.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;

/** A page that needs nothing but itself: its style is inside, and it has no scripts. */
final class HtmlPage {

  private HtmlPage() {}

  /** Returns a page with a title and a body. */
  static String of(String title, Consumer<Markup> body) {
    Markup out = new Markup();
    out.verbatim("<!DOCTYPE html>\n").open("html", "lang", "en").open("head");
    out.verbatim("<meta charset=\"utf-8\">\n");
    out.verbatim("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    out.verbatim("<meta name=\"color-scheme\" content=\"light dark\">\n");
    out.leaf("title", title).open("style").verbatim(style()).close().close();
    out.open("body").open("main");
    body.accept(out);
    return out.close().close().close().toString();
  }

  private static String style() {
    try (InputStream css = HtmlPage.class.getResourceAsStream("report.css")) {
      return new String(css.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException damagedJar) {
      throw new UncheckedIOException(damagedJar);
    }
  }

  /** Opens a section with a heading and a sentence on what it shows; the caller closes it. */
  static Markup card(Markup out, String style, String heading, String explanation) {
    out.open("section", "class", "card " + style).leaf("h2", heading);
    return explanation.isEmpty() ? out : out.leaf("p", explanation, "class", "about");
  }

  /** Adds a number to look at first. */
  static void tile(Markup out, String label, String value, String note) {
    out.open("div", "class", "tile").leaf("div", label, "class", "label");
    out.leaf("div", value, "class", "value").leaf("div", note, "class", "note").close();
  }

  /**
   * Opens a division that scrolls, and in it a table, with its head; the caller closes both.
   *
   * @param columns heads of the columns
   */
  static void table(Markup out, List<String> columns) {
    out.open("div", "class", "scroll").open("table").open("tr");
    columns.forEach(column -> out.leaf("th", column));
    out.close();
  }
}
