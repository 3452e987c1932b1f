/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend.portable;

import static org.espalier.backend.host.HostBuffer.BASE;
import static org.espalier.backend.portable.RowArrays.FIRST;
import static org.espalier.backend.portable.RowArrays.FROM;

import java.util.Arrays;
import org.espalier.backend.Activation;
import org.espalier.backend.Normalization;
import org.espalier.backend.host.BatchStatistics;
import org.espalier.backend.host.PixelSum;

/**
 * Batch normalisation of one row, a block of pixels at a time; scratch memory of one thread.
 *
 * <p>Sums over a row are kept apart for each pixel of a block and only added up at the end, which
 * the compiler makes SIMD code of and which loses less precision.
 */
final class PortableNormalization {

  private float[] x = new float[0];
  private float[] d = x;
  private float[] output = x;
  private float[] sums = x;
  private float[] products = x;

  private void reserve(PixelLines of) {
    if (x.length < RowArrays.end(of.widest())) {
      x = RowArrays.row(of.widest());
      d = RowArrays.row(of.widest());
      output = RowArrays.row(of.widest());
      sums = RowArrays.row(of.widest());
      products = RowArrays.row(of.widest());
    }
  }

  private void clearSums() {
    Arrays.fill(sums, 0);
    Arrays.fill(products, 0);
  }

  /** Computes the statistics of a row. */
  void statistics(
      Normalization rule, PixelLines in, int row, int rows, float[] running, float[] saved) {
    reserve(in);
    clearSums();
    float shift = 0;
    for (int block = 0; block < in.blocks(); block++) {
      int width = in.width(block);
      in.copyOut(row, block, x);
      if (block == 0) {
        shift = (float) (total(x, width) / width);
      }
      addSquares(x, shift, sums, products, FIRST + width);
    }
    double sum = total(sums, in.width(0));
    double squares = total(products, in.width(0));
    BatchStatistics.save(rule, in.pixels(), shift, sum, squares, row, rows, running, saved);
  }

  private static void addSquares(float[] x, float shift, float[] sums, float[] squares, int end) {
    for (int j = FROM; j < end; j++) {
      float from = x[j] - shift;
      sums[j] += from;
      squares[j] += from * from;
    }
  }

  private static double total(float[] values, int width) {
    return PixelSum.of(values, FIRST, width);
  }

  /** Normalises a row. */
  void apply(
      float mean, float scale, float beta, PixelLines in, boolean relu, PixelLines out, int row) {
    reserve(in);
    for (int block = 0; block < in.blocks(); block++) {
      in.copyOut(row, block, x);
      apply(x, mean, scale, beta, FIRST + in.width(block));
      if (relu) {
        RowActivation.activate(Activation.RELU, x, in.width(block));
      }
      out.copyIn(x, row, block);
    }
  }

  private static void apply(float[] x, float mean, float scale, float beta, int end) {
    for (int j = FROM; j < end; j++) {
      x[j] = (x[j] - mean) * scale + beta;
    }
  }

  /** Computes the gradients of a row. */
  void gradient(
      float[] parameters,
      float[] saved,
      PixelLines in,
      boolean relu,
      PixelLines dOut,
      PixelLines dIn,
      int row,
      int rows,
      float[] gradient) {
    reserve(in);
    clearSums();
    float mean = saved[BASE + row];
    float inverse = saved[BASE + rows + row];
    float scale = parameters[BASE + row] * inverse;
    float beta = parameters[BASE + rows + row];
    for (int block = 0; block < in.blocks(); block++) {
      load(in, relu, dOut, mean, scale, beta, row, block);
      addProducts(x, d, mean, sums, products, FIRST + in.width(block));
    }
    double ofGamma = inverse * total(products, in.width(0));
    double ofBeta = total(sums, in.width(0));
    gradient[BASE + row] = (float) ofGamma;
    gradient[BASE + rows + row] = (float) ofBeta;
    float slope = (float) (-ofGamma / in.pixels() * inverse);
    float constant = (float) (-ofBeta / in.pixels());
    for (int block = 0; block < in.blocks(); block++) {
      load(in, relu, dOut, mean, scale, beta, row, block);
      combine(x, d, mean, scale, slope, constant, FIRST + in.width(block));
      dIn.copyIn(d, row, block);
    }
  }

  /** Loads a block of the input, and of the gradient of what the ReLU did not cut. */
  private void load(
      PixelLines in,
      boolean relu,
      PixelLines dOut,
      float mean,
      float scale,
      float beta,
      int row,
      int block) {
    int width = in.width(block);
    in.copyOut(row, block, x);
    dOut.copyOut(row, block, d);
    if (relu) {
      System.arraycopy(x, FIRST, output, FIRST, width);
      apply(output, mean, scale, beta, FIRST + width); // as the forward pass did
      RowActivation.gradient(Activation.RELU, output, d, width);
    }
  }

  private static void addProducts(
      float[] x, float[] d, float mean, float[] sums, float[] products, int end) {
    for (int j = FROM; j < end; j++) {
      sums[j] += d[j];
      products[j] += d[j] * (x[j] - mean);
    }
  }

  private static void combine(
      float[] x, float[] d, float mean, float scale, float slope, float constant, int end) {
    for (int j = FROM; j < end; j++) {
      d[j] = scale * (d[j] + constant + slope * (x[j] - mean));
    }
  }
}
