/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.recipes;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.espalier.Suggestion;
import org.espalier.UserException;

/**
 * A complete set of settings: every key has a value that was checked. Immutable; {@link #with}
 * gives a changed copy.
 */
public final class Recipe {

  private final String name;
  private final String description;
  private final Map<String, Object> values;

  Recipe(String name, String description, Map<String, Object> changed) {
    this.name = name;
    this.description = description;
    this.values = new LinkedHashMap<>();
    for (RecipeKey key : RecipeSchema.KEYS) {
      values.put(key.name(), changed.getOrDefault(key.name(), key.fallback()));
    }
  }

  /** Returns the name it is called by. */
  public String name() {
    return name;
  }

  /** Returns what it is, in one line. */
  public String description() {
    return description;
  }

  /** Returns all settings in the order of the schema. */
  public Map<String, Object> values() {
    return Map.copyOf(values);
  }

  /**
   * Returns the recipe with one setting changed.
   *
   * @param assignment {@code key=value}, a list written as {@code key=[1, 2]} or {@code key=1,2}
   * @throws UserException if there is no such key or the value does not suit it
   */
  public Recipe with(String assignment) {
    int equals = assignment.indexOf('=');
    if (equals < 1) {
      throw new UserException(
          "--set %s: expected key=value, such as --set training.epochs=5.".formatted(assignment));
    }
    String key = assignment.substring(0, equals).strip();
    String value = assignment.substring(equals + 1).strip();
    return with(key, value, "--set " + assignment);
  }

  /** Returns the recipe with one setting changed; {@code where} names the culprit in errors. */
  public Recipe with(String key, String value, String where) {
    boolean brackets = value.startsWith("[") && value.endsWith("]");
    String inner = brackets ? value.substring(1, value.length() - 1) : value;
    boolean list = brackets || inner.contains(",");
    List<String> words =
        list
            ? inner.isBlank()
                ? List.of()
                : List.of(inner.split(",")).stream().map(String::strip).toList()
            : List.of(inner);
    Map<String, Object> changed = new LinkedHashMap<>(values);
    changed.put(key, parse(key, words, list, value, where));
    return new Recipe(name, description, changed);
  }

  /** Returns the same training of the same network with all its connections. */
  public Recipe denseTwin() {
    Map<String, Object> changed = new LinkedHashMap<>(values);
    changed.keySet().removeIf(key -> key.startsWith("topology.") || key.startsWith("density."));
    return new Recipe(name, description, changed).with("network.connections=dense");
  }

  static Object parse(String name, List<String> words, boolean list, String shown, String where) {
    RecipeKey key =
        RecipeSchema.find(name)
            .orElseThrow(
                () ->
                    new UserException(
                        "%s: there is no key '%s'%s; 'espalier recipes set-mlp' shows all keys."
                            .formatted(
                                where, name, Suggestion.didYouMean(RecipeSchema.nearest(name)))));
    return key.parse(words, list)
        .orElseThrow(
            () ->
                new UserException(
                    "%s: %s is '%s'; expected %s.".formatted(where, name, shown, key.expected())));
  }

  /** Returns a text or a choice. */
  public String text(String key) {
    return (String) get(key);
  }

  /** Returns a choice as the name of an enum constant. */
  public String word(String key) {
    return text(key).toUpperCase(Locale.ROOT);
  }

  /** Returns a flag. */
  public boolean flag(String key) {
    return (Boolean) get(key);
  }

  /** Returns a number. */
  public double real(String key) {
    return ((Number) get(key)).doubleValue();
  }

  /** Returns a whole number. */
  public long whole(String key) {
    return (Long) get(key);
  }

  /** Returns a count, a whole number that fits an int. */
  public int count(String key) {
    return Math.toIntExact(whole(key));
  }

  /** Returns a list of counts. */
  public int[] counts(String key) {
    return ((List<?>) get(key)).stream().mapToInt(value -> Math.toIntExact((Long) value)).toArray();
  }

  /** Returns a list of numbers. */
  public List<Double> reals(String key) {
    return ((List<?>) get(key)).stream().map(Double.class::cast).toList();
  }

  Object get(String key) {
    Object value = values.get(key);
    if (value == null) {
      throw new IllegalArgumentException("no key " + key);
    }
    return value;
  }
}
