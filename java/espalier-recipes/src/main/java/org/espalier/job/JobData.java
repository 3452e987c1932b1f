/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.job;

import java.util.Locale;
import org.espalier.data.DataRequest;
import org.espalier.data.Dataset;
import org.espalier.data.Datasets;
import org.espalier.data.NormalizationKind;
import org.espalier.data.SplitRequest;
import org.espalier.nn.SampleShape;
import org.espalier.recipes.Recipe;

/** Opens the data set that a recipe names. */
final class JobData {

  private JobData() {}

  static Dataset open(Recipe recipe, JobOptions options) {
    DataRequest request =
        DataRequest.of(recipe.text("data.name"))
            .withNormalization(
                NormalizationKind.valueOf(recipe.text("data.normalize").toUpperCase(Locale.ROOT)))
            .withSplit(split(recipe))
            .withProgress(options.download());
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
