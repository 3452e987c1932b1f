/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data.format;

import java.util.Arrays;
import java.util.Optional;
import org.espalier.data.table.ImageShape;

/** What the dimensions of an array file say about its samples: the first counts them. */
final class Dimensions {

  private Dimensions() {}

  /** Returns the dimensions, all of them at least 1. */
  static int[] check(DataFile file, int[] dimensions) {
    for (int dimension : dimensions) {
      if (dimension < 1) {
        throw file.error(
            "the dimensions are %s, expected each to be at least 1", Arrays.toString(dimensions));
      }
    }
    return dimensions;
  }

  /** Returns the number of features of a sample: the product of all dimensions but the first. */
  static int features(DataFile file, int[] dimensions) {
    long product = 1;
    for (int i = 1; i < dimensions.length; i++) {
      product *= dimensions[i];
      if (product > Integer.MAX_VALUE / 8) {
        throw file.error(
            "the dimensions are %s, expected fewer than %d features a sample",
            Arrays.toString(dimensions), Integer.MAX_VALUE / 8);
      }
    }
    return (int) product;
  }

  /** Returns the image shape of samples that have a height and a width, and no channels. */
  static Optional<ImageShape> shape(int[] dimensions) {
    return dimensions.length == 3
        ? Optional.of(new ImageShape(dimensions[1], dimensions[2], 1))
        : Optional.empty();
  }
}
