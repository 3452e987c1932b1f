/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.job;

import java.util.List;
import java.util.Optional;
import org.espalier.UserException;
import org.espalier.data.image.Augmentation;
import org.espalier.data.image.Border;
import org.espalier.data.image.BrokenImages;
import org.espalier.data.image.ChannelStatistics;
import org.espalier.data.image.ColorJitter;
import org.espalier.data.image.ImageSettings;
import org.espalier.data.image.Movement;
import org.espalier.data.image.PaddedCrop;
import org.espalier.data.image.ResizedCrop;
import org.espalier.recipes.Recipe;

/** What a recipe says about images. */
final class ImageRequest {

  private static final int BYTES_OF_MEBIBYTE = 1 << 20;

  private ImageRequest() {}

  /**
   * Returns how samples are made of images, or nothing for a fully connected network that says
   * nothing about images: it is then no matter whether features are pixels.
   */
  static Optional<ImageSettings> of(Recipe recipe) {
    ImageSettings settings = settings(recipe);
    boolean silent =
        recipe.text("network.kind").equals("mlp") && settings.equals(ImageSettings.DEFAULT);
    return silent ? Optional.empty() : Optional.of(settings);
  }

  private static ImageSettings settings(Recipe recipe) {
    ImageSettings settings =
        ImageSettings.DEFAULT
            .withSize(recipe.count("images.size"), recipe.count("images.resize"))
            .withChannels(recipe.count("images.channels"))
            .withAugmentation(augmentation(recipe))
            .withBroken(BrokenImages.valueOf(recipe.word("images.broken")))
            .withMaxPixels(recipe.count("images.most_pixels"))
            .withWorkers(recipe.count("images.workers"))
            .withMemory((long) recipe.count("images.memory") * BYTES_OF_MEBIBYTE);
    return statistics(recipe).map(settings::withNormalization).orElse(settings);
  }

  private static Augmentation augmentation(Recipe recipe) {
    Border border = Border.valueOf(recipe.word("images.border"));
    Augmentation changes = Augmentation.NONE.withFlip(recipe.real("images.flip"));
    changes =
        switch (recipe.text("images.crop")) {
          case "padded" ->
              changes.withPaddedCrop(new PaddedCrop(recipe.count("images.padding"), border));
          case "resized" -> changes.withResizedCrop(ResizedCrop.STANDARD);
          default -> changes;
        };
    double degrees = recipe.real("images.rotation");
    double shift = recipe.real("images.shift");
    if (degrees > 0 || shift > 0) {
      changes = changes.withMovement(new Movement(degrees, shift, border));
    }
    ColorJitter jitter =
        new ColorJitter(
            recipe.real("images.brightness"),
            recipe.real("images.contrast"),
            recipe.real("images.saturation"),
            recipe.real("images.hue"));
    return jitter.equals(new ColorJitter(0, 0, 0, 0)) ? changes : changes.withJitter(jitter);
  }

  private static Optional<ChannelStatistics> statistics(Recipe recipe) {
    List<Double> means = recipe.reals("images.means");
    List<Double> deviations = recipe.reals("images.deviations");
    if (means.isEmpty() && deviations.isEmpty()) {
      return Optional.empty();
    }
    if (!recipe.text("data.normalize").equals("standardize")) {
      throw new UserException(
          "images.means are given but data.normalize is %s; expected data.normalize=standardize or no means."
              .formatted(recipe.text("data.normalize")));
    }
    return Optional.of(new ChannelStatistics(floats(means), floats(deviations)));
  }

  private static float[] floats(List<Double> numbers) {
    float[] floats = new float[numbers.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = numbers.get(i).floatValue();
    }
    return floats;
  }
}
