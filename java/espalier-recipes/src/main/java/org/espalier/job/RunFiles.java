/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.job;

import java.nio.file.Files;
import org.espalier.UserException;
import org.espalier.recipes.Recipe;
import org.espalier.recipes.RecipeYaml;
import org.espalier.run.RunDirectory;
import org.espalier.run.RunIo;
import org.espalier.run.RunSummary;
import org.espalier.train.State;
import org.espalier.train.StateFile;

/** Reads what an earlier job left in a run directory. */
final class RunFiles {

  private static final String RECIPE = "recipe";
  private static final String FINGERPRINT = "data.fingerprint";

  private RunFiles() {}

  static Recipe recipe(RunDirectory run) {
    String yaml = RunIo.reading(run.recipe(), () -> Files.readString(run.recipe()));
    return RecipeYaml.read(yaml, run.recipe().toString(), "run");
  }

  static State checkpoint(RunDirectory run) {
    return RunIo.reading(run.existingCheckpoint(), () -> StateFile.read(run.existingCheckpoint()));
  }

  /** Adds to a checkpoint what it belongs to. */
  static void describe(State state, Recipe recipe, String fingerprint) {
    state.put(RECIPE, RecipeYaml.write(recipe));
    state.put(FINGERPRINT, fingerprint);
  }

  /** Refuses data that are not those the checkpoint was made with. */
  static void checkData(State checkpoint, String fingerprint, String name) {
    if (!checkpoint.text(FINGERPRINT).equals(fingerprint)) {
      throw new UserException(
          "%s was made with other data than '%s' is now; expected the same files."
              .formatted(checkpoint.source(), name));
    }
  }

  /**
   * Refuses to continue a run that is done, or whose recipe is no longer that of its checkpoint.
   */
  static void checkResumable(RunDirectory run, Recipe recipe, State checkpoint) {
    int epochs = recipe.count("training.epochs");
    Recipe then = RecipeYaml.read(checkpoint.text(RECIPE), checkpoint.source(), "run");
    if (!then.with("training.epochs=" + epochs).values().equals(recipe.values())) {
      throw new UserException(
          "%s is no longer the recipe of its checkpoint; expected nothing but training.epochs to differ."
              .formatted(run.recipe()));
    }
    long done = checkpoint.number("progress.epoch");
    boolean finished =
        Files.isRegularFile(run.summary()) && RunSummary.read(run.summary()).epochs() >= epochs;
    if (finished || done > epochs) {
      throw new UserException(
          "%s has %d epochs already; expected --epochs above that to lengthen it."
              .formatted(run.path(), done));
    }
  }
}
