/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.recipes;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.espalier.UserException;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/** Recipes as YAML: sections with keys, in the order of the schema, each with its meaning. */
public final class RecipeYaml {

  private static final int COMMENT_COLUMN = 36;

  private RecipeYaml() {}

  /**
   * Reads a recipe; keys it does not name have their usual values.
   *
   * @param source file name or the like, for messages
   * @param fallbackName name of a recipe that does not say its own
   * @throws UserException naming line and key of what is wrong
   */
  public static Recipe read(String yaml, String source, String fallbackName) {
    Map<String, Object> values = new LinkedHashMap<>();
    Map<String, String> titles = new LinkedHashMap<>();
    try (JsonParser parser = new YAMLFactory().createParser(yaml)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new UserException(
            "%s is not a recipe; expected sections such as 'training:' with keys."
                .formatted(source));
      }
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        readSection(parser, source, values, titles);
      }
    } catch (JsonProcessingException invalid) {
      throw notYaml(invalid, source);
    } catch (IOException impossible) {
      throw new IllegalStateException(impossible);
    }
    return new Recipe(
        titles.getOrDefault("recipe", fallbackName),
        titles.getOrDefault("description", ""),
        values);
  }

  private static UserException notYaml(JsonProcessingException invalid, String source) {
    if (invalid.getCause() instanceof MarkedYAMLException marked
        && marked.getProblemMark() != null) {
      return new UserException(
          "%s line %d: this is not YAML (%s)."
              .formatted(source, marked.getProblemMark().getLine() + 1, marked.getProblem()),
          invalid);
    }
    return new UserException(
        "%s is not YAML (%s).".formatted(source, invalid.getOriginalMessage()), invalid);
  }

  private static void readSection(
      JsonParser parser, String source, Map<String, Object> values, Map<String, String> titles)
      throws IOException {
    String section = parser.currentName();
    String where = at(parser, source);
    JsonToken token = parser.nextToken();
    if (section.equals("recipe") || section.equals("description")) {
      titles.put(section, parser.getText());
      return;
    }
    if (token == JsonToken.VALUE_NULL) {
      return;
    }
    if (token != JsonToken.START_OBJECT) {
      // reported as an unknown key unless the user wrote the full name at top level
      Value value = readValue(parser, token);
      values.put(section, Recipe.parse(section, value.words, value.list, value.shown(), where));
      return;
    }
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = section + "." + parser.currentName();
      String line = at(parser, source);
      Value value = readValue(parser, parser.nextToken());
      Object parsed = Recipe.parse(key, value.words, value.list, value.shown(), line);
      if (values.put(key, parsed) != null) {
        throw new UserException("%s: %s is set twice.".formatted(line, key));
      }
    }
  }

  private record Value(List<String> words, boolean list) {

    String shown() {
      return list ? words.toString() : words.get(0);
    }
  }

  private static Value readValue(JsonParser parser, JsonToken token) throws IOException {
    if (token == JsonToken.START_OBJECT) {
      parser.skipChildren();
      return new Value(List.of("{...}"), false);
    }
    if (token != JsonToken.START_ARRAY) {
      return new Value(List.of(token == JsonToken.VALUE_NULL ? "" : parser.getText()), false);
    }
    List<String> words = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      words.add(parser.getText());
      parser.skipChildren();
    }
    return new Value(words, true);
  }

  private static String at(JsonParser parser, String source) {
    return source + " line " + parser.currentTokenLocation().getLineNr();
  }

  /** Writes a recipe with all its settings, each with its meaning and choices as a comment. */
  public static String write(Recipe recipe) {
    StringBuilder yaml = new StringBuilder();
    yaml.append("recipe: ").append(quoted(recipe.name())).append('\n');
    yaml.append("description: ").append(quoted(recipe.description())).append('\n');
    String section = "";
    for (RecipeKey key : RecipeSchema.KEYS) {
      int dot = key.name().indexOf('.');
      if (!key.name().substring(0, dot).equals(section)) {
        section = key.name().substring(0, dot);
        yaml.append('\n').append(section).append(":\n");
      }
      String line = "  " + key.name().substring(dot + 1) + ": " + shown(recipe.get(key.name()));
      yaml.append(line)
          .append(" ".repeat(Math.max(1, COMMENT_COLUMN - line.length())))
          .append("# ")
          .append(key.doc());
      if (!key.choices().isEmpty()) {
        yaml.append(": ").append(String.join(" | ", key.choices()));
      }
      yaml.append('\n');
    }
    return yaml.toString();
  }

  private static String shown(Object value) {
    return value instanceof String text ? quoted(text) : value.toString();
  }

  /** Plain words stay plain; anything YAML could read differently is quoted. */
  private static String quoted(String text) {
    if (text.matches("[A-Za-z_][A-Za-z0-9_./-]*")
        && !text.matches("(?i)true|false|null|yes|no|on|off|y|n")) {
      return text;
    }
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
