/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data.image;

import org.espalier.UserException;

/**
 * Changes brightness, contrast, saturation and hue, in an order drawn anew for each picture. The
 * first three are factors uniform in {@code [max(0, 1 - a), 1 + a]}: 1 leaves the picture, 0 makes
 * it black, of its mean grey, or grey. The hue is turned by a share of the colour circle uniform in
 * {@code [-a, a]}. Grey pictures have neither saturation nor hue.
 *
 * @param brightness the amount a, at least 0
 * @param contrast the amount a, at least 0
 * @param saturation the amount a, at least 0
 * @param hue the amount a, 0 to 0.5
 */
public record ColorJitter(double brightness, double contrast, double saturation, double hue) {

  private static final int KINDS = 4;

  /** Checks the amounts. */
  public ColorJitter {
    check("brightness", brightness, 100);
    check("contrast", contrast, 100);
    check("saturation", saturation, 100);
    check("hue", hue, 0.5);
  }

  private static void check(String what, double amount, double most) {
    if (!(amount >= 0 && amount <= most)) {
      throw new UserException(
          "The jitter of the " + what + " is " + amount + ", expected 0 to " + most + ".");
    }
  }

  /** Changes a picture in place. */
  void apply(PixelImage image, Chance chance) {
    double[] drawn = {
      factor(brightness, chance),
      factor(contrast, chance),
      factor(saturation, chance),
      chance.between(-hue, hue)
    };
    int[] order = {0, 1, 2, 3};
    for (int last = KINDS - 1; last > 0; last--) {
      int other = chance.below(last + 1);
      int kept = order[last];
      order[last] = order[other];
      order[other] = kept;
    }
    for (int kind : order) {
      change(image, kind, drawn[kind]);
    }
  }

  private static double factor(double amount, Chance chance) {
    return chance.between(Math.max(0, 1 - amount), 1 + amount);
  }

  private void change(PixelImage image, int kind, double value) {
    switch (kind) {
      case 0 -> {
        if (brightness > 0) {
          ColorChange.brightness(image, value);
        }
      }
      case 1 -> {
        if (contrast > 0) {
          ColorChange.contrast(image, value);
        }
      }
      case 2 -> {
        if (saturation > 0 && image.channels() == 3) {
          ColorChange.saturation(image, value);
        }
      }
      default -> {
        if (hue > 0 && image.channels() == 3) {
          ColorChange.hue(image, value);
        }
      }
    }
  }
}
