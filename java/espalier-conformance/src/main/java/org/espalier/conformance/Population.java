/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.conformance;

import org.espalier.backend.Normalization;
import org.espalier.tensor.Tensor;

/**
 * The pixels of a case of batch normalisation and what their statistics are, for the bounds of its
 * results. With u the unit roundoff, X the largest pixel and D the largest normalised one, rounding
 * makes
 *
 * <ul>
 *   <li>the mean of n pixels, from a sum, wrong by 2 u X;
 *   <li>the mean of squares, none above {@code (D / inverse)^2}, by twice u times that, and the
 *       inverse of its root by {@code inverse * (u D^2 + 3 u)};
 *   <li>a normalised pixel by {@code 2 u X inverse} for the mean, {@code D (u D^2 + 3 u)} for the
 *       inverse, and some u D for the formula itself.
 * </ul>
 *
 * @param pixels row by row
 * @param means of the rows, in single precision
 * @param inverses of the rows, in single precision
 */
record Population(ImageShape shape, float[] pixels, float[] means, float[] inverses) {

  /** Draws pixels around {@code offset}; rows are not alike. */
  static Population draw(Workspace workspace, ImageShape shape, Normalization rule, float offset) {
    float[] pixels = workspace.random(shape.allPixels(), 1);
    int n = shape.pixels();
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = pixels[i] * (1 + i / n % 3) + offset;
    }
    float[] means = new float[shape.channels()];
    float[] inverses = new float[shape.channels()];
    for (int r = 0; r < means.length; r++) {
      double mean = 0;
      for (int i = r * n; i < (r + 1) * n; i++) {
        mean += (double) pixels[i] / n;
      }
      double variance = 0;
      for (int i = r * n; i < (r + 1) * n; i++) {
        variance += Math.pow(pixels[i] - mean, 2) / n;
      }
      means[r] = (float) mean;
      inverses[r] = (float) (1 / Math.sqrt(variance + rule.epsilon()));
    }
    return new Population(shape, pixels, means, inverses);
  }

  /** Returns X. */
  double largest() {
    double largest = 0;
    for (float pixel : pixels) {
      largest = Math.max(largest, Math.abs(pixel));
    }
    return largest;
  }

  /** Returns D. */
  double largestNormalized() {
    double largest = 0;
    for (int i = 0; i < pixels.length; i++) {
      int row = i / shape.pixels();
      largest = Math.max(largest, Math.abs(pixels[i] - means[row]) * inverses[row]);
    }
    return largest;
  }

  double largestInverse() {
    double largest = 0;
    for (float inverse : inverses) {
      largest = Math.max(largest, inverse);
    }
    return largest;
  }

  /** Returns the bound of the means. */
  ErrorBound ofMeans() {
    return new ErrorBound(largest(), 1, 2);
  }

  /** Returns the bound of the inverses. */
  ErrorBound ofInverses() {
    return ErrorBound.elementwise(largestInverse() * Math.pow(largestNormalized(), 2));
  }

  /** Returns the bound of running variances, which a sample of two doubles. */
  ErrorBound ofVariances() {
    double largest = 0;
    for (int i = 0; i < pixels.length; i++) {
      largest = Math.max(largest, Math.pow(pixels[i] - means[i / shape.pixels()], 2));
    }
    return ErrorBound.elementwise(1 + 2 * largest);
  }

  /** Returns the bound of the output, given the largest parameter. */
  ErrorBound ofOutput(double parameter) {
    double d = largestNormalized();
    double normalized = largest() * largestInverse() + d * (2 + d * d);
    return ErrorBound.elementwise(parameter * (normalized + 1));
  }

  /** Returns the bound of the gradients of the parameters, of gradients below 1. */
  ErrorBound ofParameters() {
    return ErrorBound.sum(shape.pixels(), Math.max(1, largestNormalized()));
  }

  /** Returns the bound of the gradient of the pixels, of gradients below 1. */
  ErrorBound ofGradient(double parameter) {
    double d = largestNormalized();
    return ErrorBound.elementwise(parameter * largestInverse() * (3 + 2 * d * d));
  }

  /**
   * Moves pixels whose output is so close to 0 that it depends on rounding whether a ReLU cuts
   * them.
   *
   * @param parameters all gamma, then all beta; no gamma near 0
   */
  Population decided(float[] parameters) {
    float[] moved = pixels.clone();
    double margin = 1e-5 * (2 + 2 * largest() * largestInverse());
    for (int i = 0; i < moved.length; i++) {
      int row = i / shape.pixels();
      double scale = parameters[row] * inverses[row];
      double output = scale * (pixels[i] - means[row]) + parameters[means.length + row];
      if (Math.abs(output) < margin) {
        moved[i] += (float) (4 * margin / scale);
      }
    }
    return new Population(shape, moved, means, inverses);
  }

  Tensor tensor(Workspace workspace) {
    return shape.of(workspace, pixels);
  }
}
