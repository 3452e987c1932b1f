/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.job;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.espalier.UserException;
import org.espalier.data.table.ImageShape;
import org.espalier.recipes.Recipe;
import org.espalier.run.LayerTopology;
import org.espalier.run.RunDirectory;
import org.espalier.run.Safetensors;
import org.espalier.train.LayerConnections;
import org.espalier.train.State;
import org.espalier.train.Trainer;

/**
 * What the model of a run looks like: the topology of its sparse layers.
 *
 * @param recipe name of the recipe
 * @param data name of the data set
 * @param layers sparse layers, input first
 * @param pixels of the output of each of them, at which all its connections are used; 1 of a fully
 *     connected layer
 * @param sparseOutput whether the last of them is the output layer
 * @param image shape of a sample, if it is an image
 */
public record Inspection(
    String recipe,
    String data,
    List<LayerTopology> layers,
    List<Integer> pixels,
    boolean sparseOutput,
    Optional<ImageShape> image) {

  private static final String SHAPE = ".weight.shape";

  /**
   * Reads the model of a run.
   *
   * @throws UserException if there is none or it is damaged
   */
  public static Inspection of(Path run) {
    try (RunDirectory folder = RunDirectory.open(run)) {
      Path file = folder.existingModel();
      Recipe recipe = RunFiles.recipe(folder);
      State model = Safetensors.read(file);
      Map<String, String> metadata = Safetensors.metadata(file);
      List<LayerConnections> layers = new ArrayList<>();
      List<Integer> pixels = new ArrayList<>();
      for (Map.Entry<String, String> entry : metadata.entrySet()) {
        if (entry.getKey().endsWith(SHAPE)) {
          String name = entry.getKey().substring(0, entry.getKey().length() - SHAPE.length());
          int[] shape = numbers(file, entry.getValue(), 2);
          int nnz = model.ints(name + ".weight.column").length;
          layers.add(new LayerConnections(name, shape[0], shape[1], nnz));
          String places = metadata.getOrDefault(name + ".weight.pixels", "1");
          pixels.add(numbers(file, places, 1)[0]);
        }
      }
      Optional<ImageShape> image =
          Optional.ofNullable(metadata.get("data.image"))
              .map(text -> numbers(file, text, 3))
              .map(n -> new ImageShape(n[0], n[1], n[2]));
      return new Inspection(
          recipe.name(),
          metadata.getOrDefault("data", "?"),
          LayerTopology.of(layers, model),
          pixels,
          recipe.text("network.output").equals("sparse"),
          image);
    }
  }

  /**
   * Reads what a run chose by measuring, by layer and product. It is in the checkpoint: what was
   * measured must not make two equal models different.
   *
   * @throws UserException if the checkpoint is damaged
   */
  public static SortedMap<String, String> kernels(Path run) {
    try (RunDirectory folder = RunDirectory.open(run)) {
      return Files.exists(folder.checkpoint())
          ? new TreeMap<>(RunFiles.checkpoint(folder).texts(Trainer.KERNELS))
          : Collections.emptySortedMap();
    }
  }

  private static int[] numbers(Path file, String text, int count) {
    try {
      int[] numbers = Arrays.stream(text.split(",")).mapToInt(Integer::parseInt).toArray();
      if (numbers.length == count) {
        return numbers;
      }
    } catch (NumberFormatException reportedBelow) {
      // falls through to the sentence
    }
    throw new UserException(
        "%s says '%s' in its metadata; expected %d whole numbers.".formatted(file, text, count));
  }
}
