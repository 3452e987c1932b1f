/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend.scalar;

import org.espalier.sparse.Kernel;

/** Pooling, one window at a time. */
final class ScalarPooling {

  private ScalarPooling() {}

  /** What is done with a pixel of a window. */
  @FunctionalInterface
  private interface InWindow {

    void visit(int y, int x);
  }

  /** Visits what of a window is in the image, in row-major order. */
  private static void each(Kernel window, PixelAccess in, int i, int j, InWindow visitor) {
    for (int ky = 0; ky < window.height(); ky++) {
      for (int kx = 0; kx < window.width(); kx++) {
        int y = i * window.stride() - window.padding() + ky;
        int x = j * window.stride() - window.padding() + kx;
        if (in.inside(y, x)) {
          visitor.visit(y, x);
        }
      }
    }
  }

  /** The first largest pixel seen so far. */
  private static final class Largest {

    private double value = Double.NEGATIVE_INFINITY;
    private int y = -1;
    private int x = -1;

    void see(double pixel, int atY, int atX) {
      if (y < 0 || pixel > value || Double.isNaN(pixel) && !Double.isNaN(value)) {
        value = pixel;
        y = atY;
        x = atX;
      }
    }
  }

  private static Largest largest(Kernel window, PixelAccess in, int row, int image, int i, int j) {
    Largest largest = new Largest();
    each(window, in, i, j, (y, x) -> largest.see(in.get(row, image, y, x), y, x));
    return largest;
  }

  static void max(Kernel window, PixelAccess in, PixelAccess out) {
    out.write((row, image, i, j) -> largest(window, in, row, image, i, j).value);
  }

  static void maxGradient(Kernel window, PixelAccess in, PixelAccess dOut, PixelAccess dIn) {
    double[] sums = new double[in.tensor().rows() * in.pixels()];
    dOut.each(
        (row, image, i, j) -> {
          Largest largest = largest(window, in, row, image, i, j);
          if (largest.y >= 0) {
            sums[pixel(in, row, image, largest.y, largest.x)] += dOut.get(row, image, i, j);
          }
        });
    dIn.write((row, image, y, x) -> sums[pixel(in, row, image, y, x)]);
  }

  static void average(Kernel window, PixelAccess in, PixelAccess out) {
    out.write(
        (row, image, i, j) -> {
          double[] sum = new double[1];
          each(window, in, i, j, (y, x) -> sum[0] += in.get(row, image, y, x));
          return sum[0] / (window.height() * window.width());
        });
  }

  static void averageGradient(Kernel window, PixelAccess dOut, PixelAccess dIn) {
    double[] sums = new double[dIn.tensor().rows() * dIn.pixels()];
    dOut.each(
        (row, image, i, j) -> {
          double share = dOut.get(row, image, i, j) / (window.height() * window.width());
          each(window, dIn, i, j, (y, x) -> sums[pixel(dIn, row, image, y, x)] += share);
        });
    dIn.write((row, image, y, x) -> sums[pixel(dIn, row, image, y, x)]);
  }

  /** Returns the number of a pixel among all of a tensor. */
  private static int pixel(PixelAccess of, int row, int image, int y, int x) {
    int inRow = image * of.grid().pixels() + y * of.grid().width() + x;
    return row * of.pixels() + inRow;
  }
}
