/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend;

import org.espalier.sparse.Kernel;
import org.espalier.sparse.Taps;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.ImageGrid;
import org.espalier.tensor.Tensor;

/**
 * Operations on images: channels are rows, and a grid says how pixels lie in them. They read
 * nothing but pixels, and write whole rows: zero to everything, up to the stride, that is not a
 * pixel. Two grids of one operation may have different halos. All tensors of an operation hold the
 * same number of images n.
 *
 * <p>Bound by memory: each reads its inputs and writes its outputs once or twice.
 */
public interface ImageOps {

  /**
   * Makes images of feature-major samples: pixel (y, x) of channel c is feature {@code (c * height
   * + y) * width + x}.
   *
   * @param features {@code channels * height * width} x n
   * @param images channels x n images, overwritten
   */
  void toImages(Tensor features, Tensor images, ImageGrid grid);

  /** The opposite of {@link #toImages}, which flattens images for a fully connected layer. */
  void toFeatures(Tensor images, ImageGrid grid, Tensor features);

  /** Copies pixels: {@code Y = X}. */
  void copy(Tensor x, ImageGrid from, Tensor y, ImageGrid to);

  /**
   * Adds pixels: {@code Y = A + B}; y may be a or b if the grids are the same.
   *
   * @param epilogue what is done to the sum: an activation that is 0 at 0, or the gradient of one
   *     whose output has zeros around its pixels
   */
  void add(
      Tensor a, ImageGrid ofA, Tensor b, ImageGrid ofB, Epilogue epilogue, Tensor y, ImageGrid to);

  /**
   * Splits images into the phases of a strided convolution: row {@code c * phases + i} of Y gets
   * the pixels {@code (stride * j + y, stride * k + x)} of row c of X, where (y, x) is phase i.
   *
   * @param x channels x n images of a grid
   * @param y {@code channels * phases} x n images of {@link Taps#input}, overwritten; what lies
   *     beyond the last line or column of X is zero
   */
  void split(Tensor x, ImageGrid from, int stride, Taps taps, Tensor y);

  /** The adjoint of {@link #split}: every pixel goes back where it came from, others become 0. */
  void join(Tensor y, Taps taps, int stride, Tensor x, ImageGrid to);

  /**
   * The largest pixel of each window; the padding is smaller than all pixels.
   *
   * @param y overwritten
   */
  void maxPool(Kernel window, Tensor x, ImageGrid from, Tensor y, ImageGrid to);

  /**
   * Gradient of {@link #maxPool}: the gradient of a window goes to its largest pixel, the first in
   * row-major order of several. NaN is larger than all numbers.
   *
   * @param x input of the forward pass
   * @param dx in the grid of x, overwritten
   */
  void maxPoolGradient(Kernel window, Tensor x, ImageGrid from, Tensor dy, ImageGrid to, Tensor dx);

  /**
   * The mean of each window: the sum of its pixels, divided by the size of the window whatever part
   * of it is padding.
   */
  void averagePool(Kernel window, Tensor x, ImageGrid from, Tensor y, ImageGrid to);

  /** Gradient of {@link #averagePool}. */
  void averagePoolGradient(Kernel window, Tensor dy, ImageGrid to, Tensor dx, ImageGrid from);

  /**
   * Batch normalisation in training (Ioffe and Szegedy 2015): {@code Y = gamma[r] * (X - mean[r]) *
   * inverse[r] + beta[r]}, where mean and variance are those of the pixels of row r, {@code inverse
   * = 1 / sqrt(variance + epsilon)}, and the variance is that of the whole population. The running
   * statistics become {@code (1 - momentum) * running + momentum * batch}, with the variance of a
   * sample (divided by one less than the number of pixels, if there are two or more).
   *
   * @param parameters {@code 2 * rows} floats: all gamma, then all beta
   * @param running {@code 2 * rows} floats: all means, then all variances
   * @param saved {@code 2 * rows} floats, overwritten: all means, then all inverses
   * @param relu whether what is below 0 becomes 0
   * @param y overwritten; not x
   */
  void normalize(
      Normalization rule,
      DeviceBuffer parameters,
      DeviceBuffer running,
      DeviceBuffer saved,
      Tensor x,
      ImageGrid from,
      boolean relu,
      Tensor y,
      ImageGrid to);

  /** Batch normalisation in prediction: with the running statistics in place of the batch's. */
  void normalizeFixed(
      Normalization rule,
      DeviceBuffer parameters,
      DeviceBuffer running,
      Tensor x,
      ImageGrid from,
      boolean relu,
      Tensor y,
      ImageGrid to);

  /**
   * {@link #normalize} and {@link #add} in one: what a residual layer adds up is the last
   * normalisation of one way and the other way.
   *
   * @param other images that are added to the normalised ones; not y
   * @param relu whether what is below 0 in the sum becomes 0
   */
  default void normalizeAndAdd(
      Normalization rule,
      DeviceBuffer parameters,
      DeviceBuffer running,
      DeviceBuffer saved,
      Tensor x,
      ImageGrid from,
      Tensor other,
      ImageGrid ofOther,
      boolean relu,
      Tensor y,
      ImageGrid to) {
    normalize(rule, parameters, running, saved, x, from, false, y, to);
    add(y, to, other, ofOther, relu ? Epilogue.RELU : Epilogue.NONE, y, to);
  }

  /** The same in prediction: {@link #normalizeFixed} and {@link #add} in one. */
  default void normalizeFixedAndAdd(
      Normalization rule,
      DeviceBuffer parameters,
      DeviceBuffer running,
      Tensor x,
      ImageGrid from,
      Tensor other,
      ImageGrid ofOther,
      boolean relu,
      Tensor y,
      ImageGrid to) {
    normalizeFixed(rule, parameters, running, x, from, false, y, to);
    add(y, to, other, ofOther, relu ? Epilogue.RELU : Epilogue.NONE, y, to);
  }

  /**
   * Gradient of {@link #normalize} with respect to its input and its parameters; the statistics
   * depend on the input too.
   *
   * @param saved as the forward pass left it
   * @param relu as in the forward pass; where it cut is computed again
   * @param dx in the grid of x, overwritten; not dy
   * @param gradient {@code 2 * rows} floats in the order of the parameters, overwritten
   */
  void normalizeGradient(
      DeviceBuffer parameters,
      DeviceBuffer saved,
      Tensor x,
      ImageGrid from,
      boolean relu,
      Tensor dy,
      ImageGrid to,
      Tensor dx,
      DeviceBuffer gradient);
}
