/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend.scalar;

import static org.espalier.backend.host.HostBuffer.floats;
import static org.espalier.backend.host.HostBuffer.start;

import org.espalier.backend.Epilogue;
import org.espalier.backend.ImageOps;
import org.espalier.backend.Normalization;
import org.espalier.backend.RowOps;
import org.espalier.sparse.Kernel;
import org.espalier.sparse.Taps;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.ImageGrid;
import org.espalier.tensor.Tensor;

/** Operations on images, one pixel at a time. */
final class ScalarImageOps implements ImageOps {

  private final RowOps rows = new ScalarRowOps();

  @Override
  public void toImages(Tensor features, Tensor images, ImageGrid grid) {
    float[] in = floats(features.buffer());
    new PixelAccess(images, grid)
        .write((row, image, y, x) -> in[feature(features, grid, row, y, x) + image]);
  }

  @Override
  public void toFeatures(Tensor images, ImageGrid grid, Tensor features) {
    float[] out = floats(features.buffer());
    PixelAccess in = new PixelAccess(images, grid);
    in.each(
        (row, image, y, x) ->
            out[feature(features, grid, row, y, x) + image] = (float) in.get(row, image, y, x));
  }

  /** Returns where the samples of a feature begin. */
  private static int feature(Tensor features, ImageGrid grid, int channel, int y, int x) {
    int feature = channel * grid.pixels() + y * grid.width() + x;
    return start(features) + feature * features.stride();
  }

  @Override
  public void copy(Tensor x, ImageGrid from, Tensor y, ImageGrid to) {
    new PixelAccess(y, to).write(new PixelAccess(x, from)::get);
  }

  @Override
  public void add(
      Tensor a, ImageGrid ofA, Tensor b, ImageGrid ofB, Epilogue epilogue, Tensor y, ImageGrid to) {
    PixelAccess one = new PixelAccess(a, ofA);
    PixelAccess other = new PixelAccess(b, ofB);
    new PixelAccess(y, to)
        .write((row, image, i, j) -> one.get(row, image, i, j) + other.get(row, image, i, j));
    rows.finish(epilogue, y);
  }

  @Override
  public void split(Tensor x, ImageGrid from, int stride, Taps taps, Tensor y) {
    PixelAccess in = new PixelAccess(x, from);
    int phases = taps.phases().size();
    new PixelAccess(y, taps.input())
        .write(
            (row, image, i, j) -> {
              Taps.Phase phase = taps.phases().get(row % phases);
              return in.get(row / phases, image, stride * i + phase.y(), stride * j + phase.x());
            });
  }

  @Override
  public void join(Tensor y, Taps taps, int stride, Tensor x, ImageGrid to) {
    PixelAccess in = new PixelAccess(y, taps.input());
    int phases = taps.phases().size();
    new PixelAccess(x, to)
        .write(
            (row, image, i, j) -> {
              int phase = taps.phases().indexOf(new Taps.Phase(i % stride, j % stride));
              return phase < 0 ? 0 : in.get(row * phases + phase, image, i / stride, j / stride);
            });
  }

  @Override
  public void maxPool(Kernel window, Tensor x, ImageGrid from, Tensor y, ImageGrid to) {
    ScalarPooling.max(window, new PixelAccess(x, from), new PixelAccess(y, to));
  }

  @Override
  public void maxPoolGradient(
      Kernel window, Tensor x, ImageGrid from, Tensor dy, ImageGrid to, Tensor dx) {
    ScalarPooling.maxGradient(
        window, new PixelAccess(x, from), new PixelAccess(dy, to), new PixelAccess(dx, from));
  }

  @Override
  public void averagePool(Kernel window, Tensor x, ImageGrid from, Tensor y, ImageGrid to) {
    ScalarPooling.average(window, new PixelAccess(x, from), new PixelAccess(y, to));
  }

  @Override
  public void averagePoolGradient(
      Kernel window, Tensor dy, ImageGrid to, Tensor dx, ImageGrid from) {
    ScalarPooling.averageGradient(window, new PixelAccess(dy, to), new PixelAccess(dx, from));
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
    PixelAccess in = new PixelAccess(x, from);
    ScalarNormalization.statistics(rule, in, floats(running), floats(saved));
    ScalarNormalization.apply(floats(parameters), floats(saved), in, relu, new PixelAccess(y, to));
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
    float[] fixed = ScalarNormalization.fixed(rule, floats(running), x.rows());
    ScalarNormalization.apply(
        floats(parameters), fixed, new PixelAccess(x, from), relu, new PixelAccess(y, to));
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
    ScalarNormalization.gradient(
        floats(parameters),
        floats(saved),
        new PixelAccess(x, from),
        relu,
        new PixelAccess(dy, to),
        new PixelAccess(dx, from),
        floats(gradient));
  }
}
