/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.recipes;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.espalier.UserException;
import org.espalier.nn.SampleShape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecipeTest {

  private static final Recipe SET_MLP = RecipeCatalogue.find("set-mlp");

  @Test
  void everyBuiltInRecipeSaysWhatItIsAndMakesAPlan() {
    for (Recipe recipe : RecipeCatalogue.builtIn()) {
      assertTrue(recipe.description().length() > 20, recipe.name());
      RecipePlan plan = new RecipePlan(recipe);
      SampleShape image = new SampleShape(3, 32, 32);
      assertEquals(10, plan.network(image, 10, 60000).spec().outputs());
      assertTrue(plan.training(60000).epochs() > 0);
    }
  }

  @Test
  void settingsAreChangedOneByOne() {
    Recipe changed =
        SET_MLP
            .with("training.epochs=3")
            .with("network.hidden=[20, 30]")
            .with("topology.update=none")
            .with("learning_rate.milestones=0.2,0.9")
            .with("optimizer.nesterov=true");
    assertEquals(3, changed.count("training.epochs"));
    assertArrayEquals(new int[] {20, 30}, changed.counts("network.hidden"));
    assertEquals(List.of(0.2, 0.9), changed.reals("learning_rate.milestones"));
    assertTrue(changed.flag("optimizer.nesterov"));
    assertEquals(null, new RecipePlan(changed).training(100).topology());
    assertEquals(15, SET_MLP.count("training.epochs"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "topology.drop_fractoin=0.2 | did you mean 'topology.drop_fraction'?",
        "epochs=2 | did you mean 'training.epochs'?",
        "trainning.epochs=2 | did you mean 'training.epochs'?",
        "nonsense=2 | there is no key 'nonsense'; 'espalier recipes set-mlp' shows all keys.",
        "training.epochs=two | training.epochs is 'two'; expected a whole number at least 1",
        "training.epochs=0 | expected a whole number at least 1",
        "training.epochs=1.5 | expected a whole number",
        "training.epochs=99999999999 | expected a whole number",
        "topology.drop_fraction=1.5 | expected a number at least 0 and at most 1.",
        "network.dropout=1 | expected a number at least 0 and below 1.",
        "learning_rate.rate=NaN | expected a number above 0.",
        "network.activation=swish | expected one of srelu, relu",
        "optimizer.nesterov=yes | expected true or false.",
        "network.hidden=[10, ten] | expected a list of whole numbers",
        "network.hidden | expected key=value",
        "data.name= | expected a text.",
      })
  void aWrongSettingIsExplained(String assignment, String words) {
    var error = assertThrows(UserException.class, () -> SET_MLP.with(assignment));
    assertTrue(error.getMessage().startsWith("--set " + assignment.strip()), error.getMessage());
    assertTrue(error.getMessage().contains(words), error.getMessage());
  }

  @Test
  void anUnknownRecipeIsExplained() {
    var error = assertThrows(UserException.class, () -> RecipeCatalogue.find("set-mpl"));
    assertTrue(error.getMessage().contains("did you mean 'set-mlp'?"), error.getMessage());
  }

  @Test
  void aWrittenRecipeReadsBackTheSame() {
    Recipe recipe =
        SET_MLP
            .with("data.name=/some folder/it's: \"odd\" #1")
            .with("network.hidden=[5]")
            .with("training.seed=-7");
    Recipe read = RecipeYaml.read(RecipeYaml.write(recipe), "recipe.yaml", "x");
    assertEquals(recipe.values(), read.values());
    assertEquals(recipe.name(), read.name());
    assertEquals(recipe.description(), read.description());
  }

  @Test
  void aFileMayNameSomeKeysOnly(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("mine.yaml"), "training:\n  epochs: 4\n");
    Recipe recipe = RecipeCatalogue.find(file.toString());
    assertEquals("mine", recipe.name());
    assertEquals(4, recipe.count("training.epochs"));
    assertEquals("prune_and_grow", recipe.text("topology.update"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "training:\n  epochs: 4\n  epoch: 5 | line 3 | did you mean 'training.epochs'?",
        "training:\n  epochs: many | line 2 | expected a whole number",
        "training: 5 | line 1 | there is no key 'training'",
        "training:\n  epochs: [1, 2] | line 2 | expected a whole number",
        "training:\n  epochs: {a: 1} | line 2 | expected a whole number",
        "training:\n  epochs: 1\n  epochs: 2 | line 3 | twice",
        "- a\n- b | r.yaml | is not a recipe",
        "training:\n\tepochs: 4 | line 2 | not YAML",
        "training: {epochs: 4 | line 1 | not YAML",
      })
  void aWrongFileIsExplainedWithItsLine(String example) {
    String[] parts = example.split(" \\| ");
    var error = assertThrows(UserException.class, () -> RecipeYaml.read(parts[0], "r.yaml", "r"));
    assertTrue(error.getMessage().contains(parts[1]), error.getMessage());
    assertTrue(error.getMessage().contains(parts[2]), error.getMessage());
  }

  @Test
  void aNetworkWithoutSparseLayersIsRefused() {
    Recipe recipe = SET_MLP.with("network.hidden=[]");
    assertThrows(
        UserException.class, () -> new RecipePlan(recipe).network(SampleShape.features(4), 2, 10));
  }

  @Test
  void momentumGrowthWithGradientsInPartsIsRefused() {
    Recipe parts = SET_MLP.with("training.accumulate=4");
    assertEquals(400, new RecipePlan(parts).training(5000).stepSize());
    Recipe recipe = parts.with("topology.grow=momentum");
    var error = assertThrows(UserException.class, () -> new RecipePlan(recipe).training(5000));
    assertTrue(error.getMessage().contains("training.accumulate is 4"), error.getMessage());
  }
}
