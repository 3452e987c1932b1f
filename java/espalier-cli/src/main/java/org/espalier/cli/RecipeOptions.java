/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cli;

import java.util.List;
import org.espalier.recipes.Recipe;
import picocli.CommandLine.Option;

/** Options of commands that train one recipe, which change its settings. */
final class RecipeOptions {

  @Option(names = "--data", paramLabel = "NAME", description = "Data set, by name or path.")
  private String data;

  @Option(names = "--epochs", paramLabel = "N", description = "Passes over the training set.")
  private String epochs;

  @Option(names = "--seed", paramLabel = "N", description = "Seed of every random choice.")
  private String seed;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Change a setting of the recipe; may be repeated.")
  private List<String> settings = List.of();

  /** Returns a recipe with what the options change. */
  Recipe change(Recipe recipe) {
    Recipe changed = recipe;
    for (String setting : settings) {
      changed = changed.with(setting);
    }
    changed = with(changed, "data.name", data, "--data");
    changed = with(changed, "training.epochs", epochs, "--epochs");
    return with(changed, "training.seed", seed, "--seed");
  }

  private static Recipe with(Recipe recipe, String key, String value, String option) {
    return value == null ? recipe : recipe.with(key, value, option + " " + value);
  }

  /** Tells whether the number of epochs was given. */
  boolean hasEpochs() {
    return epochs != null;
  }

  /** Tells whether anything but the number of epochs was given. */
  boolean hasMoreThanEpochs() {
    return data != null || seed != null || !settings.isEmpty();
  }
}
