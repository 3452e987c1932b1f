/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import org.espalier.backend.Epilogue;
import org.espalier.backend.ImageOps;
import org.espalier.backend.Normalization;
import org.espalier.backend.host.ImagePooling;
import org.espalier.backend.host.PixelMoves;
import org.espalier.backend.host.WorkerPool;
import org.espalier.sparse.Kernel;
import org.espalier.sparse.Taps;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.ImageGrid;
import org.espalier.tensor.Tensor;

/** Operations on images: a kernel for each that computes, the host's for those that copy. */
final class VectorImageOps implements ImageOps {

  private final PixelMoves moves;
  private final ImagePooling pooling;
  private final AddImagesKernel add;
  private final MaxPoolKernel maxPool;
  private final MaxPoolGradientKernel maxPoolGradient;
  private final PhasesKernel phases;
  private final NormalizeKernel normalize;
  private final NormalizeGradientKernel normalizeGradient;

  VectorImageOps(WorkerPool pool) {
    this.moves = new PixelMoves(pool);
    this.pooling = new ImagePooling(pool);
    this.add = new AddImagesKernel(pool);
    this.maxPool = new MaxPoolKernel(pool);
    this.maxPoolGradient = new MaxPoolGradientKernel(pool);
    this.phases = new PhasesKernel(pool);
    this.normalize = new NormalizeKernel(pool);
    this.normalizeGradient = new NormalizeGradientKernel(pool);
  }

  @Override
  public void toImages(Tensor features, Tensor images, ImageGrid grid) {
    moves.toImages(features, images, grid);
  }

  @Override
  public void toFeatures(Tensor images, ImageGrid grid, Tensor features) {
    moves.toFeatures(images, grid, features);
  }

  @Override
  public void copy(Tensor x, ImageGrid from, Tensor y, ImageGrid to) {
    moves.copy(x, from, y, to);
  }

  @Override
  public void add(
      Tensor a, ImageGrid ofA, Tensor b, ImageGrid ofB, Epilogue epilogue, Tensor y, ImageGrid to) {
    add.run(a, ofA, b, ofB, epilogue, y, to);
  }

  @Override
  public void split(Tensor x, ImageGrid from, int stride, Taps taps, Tensor y) {
    if (stride == PhasesKernel.STRIDE) {
      phases.split(x, from, taps, y);
    } else {
      moves.split(x, from, stride, taps, y);
    }
  }

  @Override
  public void join(Tensor y, Taps taps, int stride, Tensor x, ImageGrid to) {
    if (stride == PhasesKernel.STRIDE) {
      phases.join(y, taps, x, to);
    } else {
      moves.join(y, taps, stride, x, to);
    }
  }

  @Override
  public void maxPool(Kernel window, Tensor x, ImageGrid from, Tensor y, ImageGrid to) {
    if (window.stride() <= 2 && everyWindowHasPixels(window)) {
      maxPool.run(window, x, from, y, to);
    } else {
      pooling.max(window, x, from, y, to);
    }
  }

  @Override
  public void maxPoolGradient(
      Kernel window, Tensor x, ImageGrid from, Tensor dy, ImageGrid to, Tensor dx) {
    if (window.stride() == 2 && everyWindowHasPixels(window)) {
      maxPoolGradient.run(window, x, from, dy, to, dx);
    } else {
      pooling.maxGradient(window, x, from, dy, to, dx);
    }
  }

  private static boolean everyWindowHasPixels(Kernel window) {
    return window.padding() < Math.min(window.height(), window.width());
  }

  @Override
  public void averagePool(Kernel window, Tensor x, ImageGrid from, Tensor y, ImageGrid to) {
    pooling.average(window, x, from, y, to);
  }

  @Override
  public void averagePoolGradient(
      Kernel window, Tensor dy, ImageGrid to, Tensor dx, ImageGrid from) {
    pooling.averageGradient(window, dy, to, dx, from);
  }

  @Override
  public void normalize(
      Normalization rule,
      DeviceBuffer parameters,
      DeviceBuffer running,
      DeviceBuffer saved,
      Tensor x,
      ImageGrid from,
      boolean relu,
      Tensor y,
      ImageGrid to) {
    normalize.run(rule, parameters, running, saved, x, from, null, null, relu, y, to);
  }

  @Override
  public void normalizeFixed(
      Normalization rule,
      DeviceBuffer parameters,
      DeviceBuffer running,
      Tensor x,
      ImageGrid from,
      boolean relu,
      Tensor y,
      ImageGrid to) {
    normalize.run(rule, parameters, running, null, x, from, null, null, relu, y, to);
  }

  @Override
  public void normalizeAndAdd(
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
    normalize.run(rule, parameters, running, saved, x, from, other, ofOther, relu, y, to);
  }

  @Override
  public void normalizeFixedAndAdd(
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
    normalize.run(rule, parameters, running, null, x, from, other, ofOther, relu, y, to);
  }

  @Override
  public void normalizeGradient(
      DeviceBuffer parameters,
      DeviceBuffer saved,
      Tensor x,
      ImageGrid from,
      boolean relu,
      Tensor dy,
      ImageGrid to,
      Tensor dx,
      DeviceBuffer gradient) {
    normalizeGradient.run(parameters, saved, x, from, relu, dy, to, dx, gradient);
  }
}
