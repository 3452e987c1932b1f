/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.recipes;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.espalier.Suggestion;
import org.espalier.UserException;

/** The recipes that come with the engine, and those in files. */
public final class RecipeCatalogue {

  private static final List<String> NAMES =
      List.of(
          "set-mlp",
          "static-mlp",
          "rigl-mlp",
          "snfs-mlp",
          "set-itop-mlp",
          "rigl-itop-mlp",
          "mest-mlp",
          "gmp-mlp",
          "granet-mlp",
          "granet-sparse-mlp",
          "set-cnn",
          "resnet20-cifar10",
          "granet-resnet50-cifar10",
          "granet-vgg19-cifar100",
          "resnet50-imagenet",
          "wrn50-2-imagenet");

  private RecipeCatalogue() {}

  /** Returns the built-in recipes. */
  public static List<Recipe> builtIn() {
    return NAMES.stream().map(RecipeCatalogue::load).toList();
  }

  /**
   * Returns a recipe by its built-in name or from a YAML file.
   *
   * @throws UserException if there is neither
   */
  public static Recipe find(String nameOrFile) {
    if (NAMES.contains(nameOrFile)) {
      return load(nameOrFile);
    }
    Path file = Path.of(nameOrFile);
    if (!Files.isRegularFile(file)) {
      String hint = Suggestion.didYouMean(Suggestion.nearest(nameOrFile, NAMES));
      throw new UserException(
          "'%s' is neither a recipe nor a file%s; expected a YAML file or one of: %s."
              .formatted(nameOrFile, hint, String.join(", ", NAMES)));
    }
    try {
      String name = file.getFileName().toString().replaceFirst("\\.ya?ml$", "");
      return RecipeYaml.read(Files.readString(file), nameOrFile, name);
    } catch (IOException unreadable) {
      throw new UserException(
          "%s cannot be read as text (%s)."
              .formatted(nameOrFile, unreadable.getClass().getSimpleName()),
          unreadable);
    }
  }

  private static Recipe load(String name) {
    try (InputStream in = RecipeCatalogue.class.getResourceAsStream(name + ".yaml")) {
      return RecipeYaml.read(new String(in.readAllBytes(), StandardCharsets.UTF_8), name, name);
    } catch (IOException broken) {
      throw new IllegalStateException("built-in recipe " + name, broken);
    }
  }
}
