/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.recipes;

import static org.espalier.recipes.RecipeSchema.COUNT;
import static org.espalier.recipes.RecipeSchema.COUNT_OR_NONE;
import static org.espalier.recipes.RecipeSchema.NOT_NEGATIVE;
import static org.espalier.recipes.RecipeSchema.SHARE;
import static org.espalier.recipes.RecipeSchema.choice;
import static org.espalier.recipes.RecipeSchema.real;
import static org.espalier.recipes.RecipeSchema.reals;
import static org.espalier.recipes.RecipeSchema.whole;

import java.util.List;
import org.espalier.recipes.RecipeKey.Range;

/**
 * The settings of images: how samples are made of them, and what chance does to those in training.
 */
final class ImageKeys {

  private ImageKeys() {}

  static List<RecipeKey> all() {
    return List.of(
        whole("images.size", 224, COUNT, "height and width of samples made of image files"),
        whole("images.resize", 256, COUNT, "shorter side of files before the middle is cut out"),
        whole("images.channels", 3, new Range(1, false, 3, false), "3 for colours, 1 for grey"),
        reals(
            "images.means",
            List.of(),
            "of each channel, 0 to 1, for data.normalize standardize; empty: of the training images"),
        reals("images.deviations", List.of(), "of each channel, likewise"),
        choice("images.crop", "cut in training", "none", "padded", "resized"),
        whole("images.padding", 4, COUNT, "pixels around the image for crop padded"),
        choice("images.border", "what lies around images", "zero", "reflect", "nearest"),
        real("images.flip", 0.0, SHARE, "chance of a mirror image in training"),
        real("images.rotation", 0.0, NOT_NEGATIVE, "degrees to either side in training"),
        real("images.shift", 0.0, SHARE, "share of the size, to all sides, in training"),
        real("images.brightness", 0.0, NOT_NEGATIVE, "of the jitter of colours in training"),
        real("images.contrast", 0.0, NOT_NEGATIVE, "of the jitter of colours in training"),
        real("images.saturation", 0.0, NOT_NEGATIVE, "of the jitter of colours in training"),
        real("images.hue", 0.0, new Range(0, false, 0.5, false), "of the jitter, in turns"),
        choice(
            "images.broken",
            "whether a file that cannot be decoded ends the run, or another takes its place",
            "fatal",
            "skip"),
        whole("images.most_pixels", 90_000_000, COUNT, "pixels of a file at most"),
        whole("images.workers", 0, COUNT_OR_NONE, "threads that decode; 0 for all processors"),
        whole("images.memory", 256, COUNT, "MiB of samples decoded ahead, for each pass"));
  }
}
