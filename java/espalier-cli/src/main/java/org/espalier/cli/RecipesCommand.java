/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cli;

import java.util.concurrent.Callable;
import org.espalier.recipes.Recipe;
import org.espalier.recipes.RecipeCatalogue;
import org.espalier.recipes.RecipeYaml;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Lists the recipes, or prints one with all its settings. */
@Command(
    name = "recipes",
    description = "List the built-in recipes, or print one with all its settings.",
    mixinStandardHelpOptions = true)
final class RecipesCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "NAME",
      description = "Recipe to print, a built-in name or a YAML file.")
  private String name;

  @Override
  public Integer call() {
    var out = spec.commandLine().getOut();
    if (name != null) {
      out.print(RecipeYaml.write(RecipeCatalogue.find(name)));
      out.flush();
      return 0;
    }
    for (Recipe recipe : RecipeCatalogue.builtIn()) {
      out.printf("%-12s %s%n", recipe.name(), recipe.description());
    }
    out.println();
    out.println("Print one: espalier recipes NAME. Train one: espalier train NAME.");
    return 0;
  }
}
