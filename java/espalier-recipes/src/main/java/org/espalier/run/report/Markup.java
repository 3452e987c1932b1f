/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.run.report;

import java.util.ArrayDeque;
import java.util.Deque;

/** Builds HTML and SVG; all text and attribute values are escaped. */
final class Markup {

  private final StringBuilder out = new StringBuilder();
  private final Deque<String> open = new ArrayDeque<>();

  /**
   * Opens an element.
   *
   * @param attributes names and values in turn
   */
  Markup open(String tag, Object... attributes) {
    start(tag, attributes).append('>');
    open.push(tag);
    return this;
  }

  /** Adds an element without content, as SVG writes it. */
  Markup empty(String tag, Object... attributes) {
    start(tag, attributes).append("/>");
    return this;
  }

  /** Adds an element that holds a text. */
  Markup leaf(String tag, String text, Object... attributes) {
    return open(tag, attributes).text(text).close();
  }

  private StringBuilder start(String tag, Object... attributes) {
    out.append('<').append(tag);
    for (int i = 0; i < attributes.length; i += 2) {
      out.append(' ').append(attributes[i]).append("=\"");
      Object value = attributes[i + 1];
      escape(value instanceof Double number ? Numbers.coordinate(number) : value.toString());
      out.append('"');
    }
    return out;
  }

  Markup text(String text) {
    escape(text);
    return this;
  }

  /** Closes the element opened last. */
  Markup close() {
    String tag = open.pop();
    out.append("</").append(tag).append('>');
    if (!tag.equals("text") && !tag.equals("title") && !tag.equals("span")) {
      out.append('\n');
    }
    return this;
  }

  /** Adds markup that is not escaped; never anything that came from outside. */
  Markup verbatim(String markup) {
    out.append(markup);
    return this;
  }

  private void escape(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> out.append("&amp;");
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '"' -> out.append("&quot;");
        case '\'' -> out.append("&#39;");
        default -> out.append(c);
      }
    }
  }

  @Override
  public String toString() {
    if (!open.isEmpty()) {
      throw new IllegalStateException("not closed: " + open);
    }
    return out.toString();
  }
}
