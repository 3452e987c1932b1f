/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend.host;

import java.util.Arrays;
import org.espalier.sparse.Kernel;
import org.espalier.tensor.ImageGrid;
import org.espalier.tensor.Tensor;

/**
 * Pooling for every backend of the host: the lines of a window first, then its columns. A call
 * allocates nothing but, once, room for a line.
 */
public final class ImagePooling {

  private final ImageRows x = new ImageRows();
  private final ImageRows y = new ImageRows();
  private final ImageRows dx = new ImageRows();
  private final ImageSpread max;
  private final ImageSpread maxGradient;
  private final ImageSpread average;
  private final ImageSpread averageGradient;

  /** For each thread: the lines of a window made one, with the padding; and one line of them. */
  private final float[][] merged;

  private final float[][] line;
  private Kernel window;

  /** Creates the operations of a team. */
  public ImagePooling(WorkerPool pool) {
    merged = new float[pool.threads()][0];
    line = new float[pool.threads()][0];
    max = new ImageSpread(pool, this::max);
    maxGradient = new ImageSpread(pool, this::maxGradient);
    average = new ImageSpread(pool, this::average);
    averageGradient = new ImageSpread(pool, this::averageGradient);
  }

  /** See {@link org.espalier.backend.ImageOps#maxPool}. */
  public void max(Kernel of, Tensor in, ImageGrid from, Tensor out, ImageGrid to) {
    x.set(in, from);
    y.set(out, to);
    run(max, of, in);
  }

  /** See {@link org.espalier.backend.ImageOps#maxPoolGradient}. */
  public void maxGradient(
      Kernel of, Tensor in, ImageGrid from, Tensor dOut, ImageGrid to, Tensor dIn) {
    x.set(in, from);
    y.set(dOut, to);
    dx.set(dIn, from);
    run(maxGradient, of, in);
  }

  /** See {@link org.espalier.backend.ImageOps#averagePool}. */
  public void average(Kernel of, Tensor in, ImageGrid from, Tensor out, ImageGrid to) {
    x.set(in, from);
    y.set(out, to);
    run(average, of, in);
  }

  /** See {@link org.espalier.backend.ImageOps#averagePoolGradient}. */
  public void averageGradient(Kernel of, Tensor dOut, ImageGrid to, Tensor dIn, ImageGrid from) {
    y.set(dOut, to);
    dx.set(dIn, from);
    run(averageGradient, of, dIn);
  }

  private void run(ImageSpread pass, Kernel of, Tensor large) {
    window = of;
    pass.run(large.rows(), y.images(), 1, 2L * large.rows() * large.positions());
    x.release();
    y.release();
    dx.release();
  }

  private static float[] room(float[][] kept, int worker, int length) {
    if (kept[worker].length < length) {
      kept[worker] = new float[length];
    }
    return kept[worker];
  }

  private float[] merged(int worker, int width) {
    return room(merged, worker, width + 2 * window.padding());
  }

  /** Returns the first line that the windows of a line of the output take. */
  private int firstLine(int outputLine) {
    return Math.max(outputLine * window.stride() - window.padding(), 0);
  }

  /** Returns the line after the last. */
  private int endLine(int outputLine, int height) {
    int end = outputLine * window.stride() - window.padding() + window.height();
    return Math.min(end, height);
  }

  private void max(int row, int first, int end, int worker) {
    ImageGrid from = x.grid();
    float[] most = merged(worker, from.width());
    float[] next = room(line, worker, most.length);
    for (int image = first; image < end; image++) {
      for (int i = 0; i < y.grid().height(); i++) {
        Arrays.fill(most, Float.NEGATIVE_INFINITY);
        for (int l = firstLine(i); l < endLine(i, from.height()); l++) {
          int at = x.image(row, image) + l * from.pitch();
          System.arraycopy(x.data(), at, next, window.padding(), from.width());
          larger(most, next, window.padding(), window.padding() + from.width());
        }
        int to = y.image(row, image) + i * y.grid().pitch();
        for (int j = 0; j < y.grid().width(); j++) {
          float value = Float.NEGATIVE_INFINITY;
          for (int k = j * window.stride(); k < j * window.stride() + window.width(); k++) {
            value = Math.max(value, most[k]);
          }
          y.data()[to + j] = value;
        }
      }
      y.clearAround(row, image);
    }
  }

  /** Both arrays from the same element on, which the compiler makes SIMD code of. */
  private static void larger(float[] most, float[] next, int from, int to) {
    for (int k = from; k < to; k++) {
      most[k] = Math.max(most[k], next[k]);
    }
  }

  private void average(int row, int first, int end, int worker) {
    if (y.grid().pixels() == 1) {
      averageOfAll(row, first, end);
      return;
    }
    ImageGrid from = x.grid();
    float[] sum = merged(worker, from.width());
    float[] next = room(line, worker, sum.length);
    float size = window.height() * window.width();
    for (int image = first; image < end; image++) {
      for (int i = 0; i < y.grid().height(); i++) {
        Arrays.fill(sum, 0);
        for (int l = firstLine(i); l < endLine(i, from.height()); l++) {
          int at = x.image(row, image) + l * from.pitch();
          System.arraycopy(x.data(), at, next, window.padding(), from.width());
          plus(sum, next, window.padding(), window.padding() + from.width());
        }
        int to = y.image(row, image) + i * y.grid().pitch();
        for (int j = 0; j < y.grid().width(); j++) {
          float value = 0;
          for (int k = j * window.stride(); k < j * window.stride() + window.width(); k++) {
            value += sum[k];
          }
          y.data()[to + j] = value / size;
        }
      }
      y.clearAround(row, image);
    }
  }

  /** What {@link #average} does where there is one window only. */
  private void averageOfAll(int row, int first, int end) {
    int columns = Math.max(Math.min(window.width() - window.padding(), x.grid().width()), 0);
    int lines = endLine(0, x.grid().height());
    for (int image = first; image < end; image++) {
      double sum = 0;
      for (int l = 0; l < lines; l++) {
        sum += PixelSum.of(x.data(), x.image(row, image) + l * x.grid().pitch(), columns);
      }
      double size = window.height() * window.width();
      y.data()[y.image(row, image)] = (float) (sum / size);
      y.clearAround(row, image);
    }
  }

  private static void plus(float[] sum, float[] next, int from, int to) {
    for (int k = from; k < to; k++) {
      sum[k] += next[k];
    }
  }

  private void maxGradient(int row, int first, int end, int worker) {
    for (int image = first; image < end; image++) {
      int at = dx.image(row, image);
      Arrays.fill(dx.data(), at, at + dx.grid().positionsOfImage(), 0);
      for (int i = 0; i < y.grid().height(); i++) {
        int from = y.image(row, image) + i * y.grid().pitch();
        maxGradientLine(row, image, firstLine(i), endLine(i, x.grid().height()), from);
      }
      dx.clearAround(row, image);
    }
  }

  /** Hands on the gradients of a line of windows, which take these lines of the input. */
  private void maxGradientLine(int row, int image, int firstLine, int endLine, int from) {
    int pitch = x.grid().pitch();
    int width = x.grid().width();
    int origin = x.image(row, image);
    int target = dx.image(row, image) - origin;
    float[] data = x.data();
    for (int j = 0; j < y.grid().width(); j++) {
      int left = j * window.stride() - window.padding();
      int right = Math.min(left + window.width(), width);
      left = Math.max(left, 0);
      int best = -1;
      for (int l = firstLine; l < endLine; l++) {
        for (int k = origin + l * pitch + left; k < origin + l * pitch + right; k++) {
          if (best < 0 || !(data[k] <= data[best]) && data[best] == data[best]) { // NaN is largest
            best = k;
          }
        }
      }
      if (best >= 0) {
        dx.data()[target + best] += y.data()[from + j];
      }
    }
  }

  private void averageGradient(int row, int first, int end, int worker) {
    if (y.grid().pixels() == 1) {
      averageGradientOfAll(row, first, end);
      return;
    }
    ImageGrid to = dx.grid();
    float[] share = merged(worker, to.width());
    float size = window.height() * window.width();
    for (int image = first; image < end; image++) {
      int at = dx.image(row, image);
      Arrays.fill(dx.data(), at, at + to.positionsOfImage(), 0);
      for (int i = 0; i < y.grid().height(); i++) {
        Arrays.fill(share, 0);
        int from = y.image(row, image) + i * y.grid().pitch();
        for (int j = 0; j < y.grid().width(); j++) {
          float value = y.data()[from + j] / size;
          for (int k = j * window.stride(); k < j * window.stride() + window.width(); k++) {
            share[k] += value;
          }
        }
        for (int l = firstLine(i); l < endLine(i, to.height()); l++) {
          plusAt(dx.data(), at + l * to.pitch(), share, window.padding(), to.width());
        }
      }
      dx.clearAround(row, image);
    }
  }

  /** What {@link #averageGradient} does where there is one window only. */
  private void averageGradientOfAll(int row, int first, int end) {
    ImageGrid to = dx.grid();
    int columns = Math.max(Math.min(window.width() - window.padding(), to.width()), 0);
    float size = window.height() * window.width();
    for (int image = first; image < end; image++) {
      float share = y.data()[y.image(row, image)] / size;
      for (int l = 0; l < to.height(); l++) {
        int at = dx.image(row, image) + l * to.pitch();
        int count = l < endLine(0, to.height()) ? columns : 0;
        Arrays.fill(dx.data(), at, at + count, share);
        Arrays.fill(dx.data(), at + count, at + to.width(), 0);
      }
      dx.clearAround(row, image);
    }
  }

  private static void plusAt(float[] sum, int at, float[] next, int from, int count) {
    for (int k = 0; k < count; k++) {
      sum[at + k] += next[from + k];
    }
  }
}
