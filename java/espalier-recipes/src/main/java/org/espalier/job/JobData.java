/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.job;

import org.espalier.data.DataRequest;
import org.espalier.data.Dataset;
import org.espalier.data.Datasets;
import org.espalier.data.NormalizationKind;
import org.espalier.data.SplitRequest;
import org.espalier.nn.SampleShape;
import org.espalier.recipes.Recipe;

/** Opens the data set that a recipe names, and others to compare with. */
final class JobData {

  private JobData() {}

  static Dataset open(Recipe recipe, JobOptions options) {
    DataRequest request = DataRequest.of(recipe.text("data.name")).withSplit(split(recipe));
    String normalization = recipe.word("data.normalize");
    return open(
        request.withNormalization(NormalizationKind.valueOf(normalization)), recipe, options);
  }

  /** Opens another set, its features as they are, its images made as the recipe says. */
  static Dataset openOther(String name, Recipe recipe, JobOptions options) {
    return open(DataRequest.of(name).withNormalization(NormalizationKind.NONE), recipe, options);
  }

  private static Dataset open(DataRequest what, Recipe recipe, JobOptions options) {
    DataRequest request = what.withProgress(options.download());
    DataRequest found = options.dataDir().map(request::withDataDir).orElse(request);
    return Datasets.open(ImageRequest.of(recipe).map(found::withImages).orElse(found));
  }

  /** Returns what a sample is to a network. */
  static SampleShape sample(Dataset data) {
    return data.shape()
        .map(image -> new SampleShape(image.channels(), image.height(), image.width()))
        .orElseGet(() -> SampleShape.features(data.features()));
  }

  private static SplitRequest split(Recipe recipe) {
    return switch (recipe.text("data.split")) {
      case "given" -> new SplitRequest.Given();
      case "random" -> new SplitRequest.Random(recipe.real("data.test_fraction"), true);
      default -> SplitRequest.AUTO;
    };
  }
}
