/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend.host;

import java.util.Arrays;
import org.espalier.sparse.Taps;
import org.espalier.tensor.ImageGrid;
import org.espalier.tensor.Tensor;

/**
 * The operations of {@link org.espalier.backend.ImageOps} that only move pixels, for every backend
 * of the host. A call allocates nothing.
 */
public final class PixelMoves {

  /** Images whose samples share a 64-byte line of a feature's row. */
  private static final int SAMPLES = 16;

  private final ImageRows in = new ImageRows();
  private final ImageRows out = new ImageRows();
  private final ImageSpread toImages;
  private final ImageSpread toFeatures;
  private final ImageSpread copy;
  private final ImageSpread split;
  private final ImageSpread join;
  private float[] features;
  private int featuresStart;
  private int featuresStride;
  private Taps taps;
  private int stride;

  /** Creates the operations of a team. */
  public PixelMoves(WorkerPool pool) {
    toImages = new ImageSpread(pool, this::toImages);
    toFeatures = new ImageSpread(pool, this::toFeatures);
    copy = new ImageSpread(pool, this::copy);
    split = new ImageSpread(pool, this::split);
    join = new ImageSpread(pool, this::join);
  }

  /** See {@link org.espalier.backend.ImageOps#toImages}. */
  public void toImages(Tensor x, Tensor y, ImageGrid grid) {
    out.set(y, grid);
    samples(x);
    run(toImages, y, out.images(), SAMPLES);
  }

  /** See {@link org.espalier.backend.ImageOps#toFeatures}. */
  public void toFeatures(Tensor x, ImageGrid grid, Tensor y) {
    in.set(x, grid);
    samples(y);
    run(toFeatures, x, in.images(), SAMPLES);
  }

  /** Does an operation for the rows of a tensor, and forgets the memory. */
  private void run(ImageSpread pass, Tensor of, int images, int group) {
    pass.run(of.rows(), images, group, 2L * of.rows() * of.positions());
    features = null;
    taps = null;
    in.release();
    out.release();
  }

  private void samples(Tensor tensor) {
    features = HostBuffer.floats(tensor.buffer());
    featuresStart = HostBuffer.start(tensor);
    featuresStride = tensor.stride();
  }

  /** Returns where the samples are of the first pixel in a line of a channel. */
  private int feature(ImageGrid grid, int row, int y) {
    return featuresStart + (row * grid.pixels() + y * grid.width()) * featuresStride;
  }

  private void toImages(int row, int first, int end, int worker) {
    ImageGrid grid = out.grid();
    for (int y = 0; y < grid.height(); y++) {
      int from = feature(grid, row, y);
      for (int image = first; image < end; image++) {
        int to = out.image(row, image) + y * grid.pitch();
        takeApart(features, from + image, featuresStride, out.data(), to, grid.width());
      }
    }
    for (int image = first; image < end; image++) {
      out.clearAround(row, image);
    }
  }

  private void toFeatures(int row, int first, int end, int worker) {
    ImageGrid grid = in.grid();
    for (int y = 0; y < grid.height(); y++) {
      int to = feature(grid, row, y);
      for (int image = first; image < end; image++) {
        int from = in.image(row, image) + y * grid.pitch();
        interleave(in.data(), from, features, to + image, featuresStride, grid.width());
      }
    }
  }

  /** See {@link org.espalier.backend.ImageOps#copy}. */
  public void copy(Tensor x, ImageGrid from, Tensor y, ImageGrid to) {
    in.set(x, from);
    out.set(y, to);
    run(copy, y, out.images(), 1);
  }

  private void copy(int row, int first, int end, int worker) {
    for (int image = first; image < end; image++) {
      int from = in.image(row, image);
      int to = out.image(row, image);
      int width = in.grid().width();
      int height = in.grid().height();
      int pitch = in.grid().pitch();
      if (pitch == out.grid().pitch()) {
        System.arraycopy(in.data(), from, out.data(), to, (height - 1) * pitch + width);
      } else {
        for (int y = 0; y < height; y++) {
          int line = to + y * out.grid().pitch();
          System.arraycopy(in.data(), from + y * pitch, out.data(), line, width);
        }
      }
      out.clearAround(row, image);
    }
  }

  /** See {@link org.espalier.backend.ImageOps#split}. */
  public void split(Tensor x, ImageGrid from, int every, Taps by, Tensor y) {
    in.set(x, from);
    out.set(y, by.input());
    taps = by;
    stride = every;
    run(split, x, in.images(), 1);
  }

  private void split(int row, int first, int end, int worker) {
    for (int image = first; image < end; image++) {
      for (int i = 0; i < taps.phases().size(); i++) {
        Taps.Phase phase = taps.phases().get(i);
        int of = row * taps.phases().size() + i;
        int count = count(in.grid().width(), phase.x());
        for (int y = 0; y < out.grid().height(); y++) {
          int to = out.image(of, image) + y * out.grid().pitch();
          int line = stride * y + phase.y();
          int pixels = line < in.grid().height() ? count : 0;
          int from = in.image(row, image) + line * in.grid().pitch() + phase.x();
          takeApart(in.data(), from, stride, out.data(), to, pixels);
          Arrays.fill(out.data(), to + pixels, to + out.grid().width(), 0);
        }
        out.clearAround(of, image);
      }
    }
  }

  /** See {@link org.espalier.backend.ImageOps#join}. */
  public void join(Tensor y, Taps by, int every, Tensor x, ImageGrid to) {
    in.set(y, by.input());
    out.set(x, to);
    taps = by;
    stride = every;
    run(join, x, out.images(), 1);
  }

  private void join(int row, int first, int end, int worker) {
    for (int image = first; image < end; image++) {
      if (taps.phases().size() < stride * stride) {
        int at = out.image(row, image);
        Arrays.fill(out.data(), at, at + out.grid().positionsOfImage(), 0);
      }
      for (int i = 0; i < taps.phases().size(); i++) {
        Taps.Phase phase = taps.phases().get(i);
        int from = in.image(row * taps.phases().size() + i, image);
        int count = count(out.grid().width(), phase.x());
        for (int y = 0; y < count(out.grid().height(), phase.y()); y++) {
          int line = stride * y + phase.y();
          int to = out.image(row, image) + line * out.grid().pitch() + phase.x();
          interleave(in.data(), from + y * in.grid().pitch(), out.data(), to, stride, count);
        }
      }
      out.clearAround(row, image);
    }
  }

  /** Returns how many of a line's pixels a phase has that takes them from {@code first} on. */
  private int count(int length, int first) {
    return (length - first + stride - 1) / stride;
  }

  /** Reads one number of each {@code stride}. */
  private static void takeApart(
      float[] source, int from, int stride, float[] target, int to, int count) {
    for (int i = 0, at = from; i < count; i++, at += stride) {
      target[to + i] = source[at];
    }
  }

  /** Writes one number of each {@code stride}. */
  private static void interleave(
      float[] source, int from, float[] target, int to, int stride, int count) {
    for (int i = 0, at = to; i < count; i++, at += stride) {
      target[at] = source[from + i];
    }
  }
}
