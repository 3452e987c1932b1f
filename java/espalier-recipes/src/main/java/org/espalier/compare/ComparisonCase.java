/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.compare;

import java.util.List;
import org.espalier.recipes.Recipe;

/**
 * A recipe to compare, at one density.
 *
 * @param label what tables call it
 * @param density asked of all layers, or NaN if the recipe decides
 * @param recipe with all settings but the seed
 */
public record ComparisonCase(String label, double density, Recipe recipe) {

  private static final String DENSE = "dense";

  /** Separates a recipe from settings of its own: {@code static-mlp+density.rule=uniform}. */
  private static final String SETTING = "\\+";

  /** Returns what tables call a text such as {@code uniform=static-mlp+density.rule=uniform}. */
  public static String label(String text) {
    int equals = text.split(SETTING)[0].indexOf('=');
    return equals < 0 ? text : text.substring(0, equals);
  }

  /** Reads a recipe with settings of its own, and a label before it if wanted. */
  public static Recipe recipe(String text, List<String> settings, Finder finder) {
    String[] parts = text.split(SETTING);
    Recipe recipe = finder.find(parts[0].substring(parts[0].indexOf('=') + 1));
    for (String setting : settings) {
      recipe = recipe.with(setting);
    }
    for (int i = 1; i < parts.length; i++) {
      recipe = recipe.with(parts[i]);
    }
    return recipe;
  }

  /** Finds a recipe by name or file. */
  public interface Finder {

    /** Returns it. */
    Recipe find(String nameOrFile);
  }

  /**
   * Returns the same training of the same network with all its connections.
   *
   * @param number which twin of the comparison it is, from 1
   */
  public ComparisonCase denseTwin(int number) {
    String twin = number == 1 ? DENSE : DENSE + " " + number;
    return new ComparisonCase(twin, 1, recipe.denseTwin());
  }

  /** Tells whether a label is that of a dense twin. */
  static boolean isDenseTwin(String label) {
    return label.matches(DENSE + "( \\d+)?");
  }

  /** Returns a name for files. */
  public String fileName() {
    String where = Double.isNaN(density) ? "" : "-" + density;
    return (label + where).replaceAll("[^A-Za-z0-9._-]+", "-");
  }
}
