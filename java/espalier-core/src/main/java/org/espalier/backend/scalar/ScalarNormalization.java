/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend.scalar;

import static org.espalier.backend.host.HostBuffer.BASE;

import org.espalier.backend.Normalization;

/**
 * Batch normalisation. Pixels are normalised with the statistics as they are saved, in single
 * precision, so that the gradient sees what the forward pass did.
 */
final class ScalarNormalization {

  private ScalarNormalization() {}

  /** Computes mean and inverse of each row, and the running statistics. */
  static void statistics(Normalization rule, PixelAccess in, float[] running, float[] saved) {
    int rows = in.tensor().rows();
    int n = in.pixels();
    for (int r = 0; r < rows; r++) {
      double[] sums = new double[2];
      in.eachOf(r, (row, image, y, x) -> sums[0] += in.get(row, image, y, x));
      double mean = sums[0] / n;
      in.eachOf(r, (row, image, y, x) -> sums[1] += Math.pow(in.get(row, image, y, x) - mean, 2));
      saved[BASE + r] = (float) mean;
      saved[BASE + rows + r] = inverse(rule, sums[1] / n);
      average(rule, running, BASE + r, mean);
      average(rule, running, BASE + rows + r, sums[1] / Math.max(n - 1, 1));
    }
  }

  private static void average(Normalization rule, float[] running, int at, double batch) {
    double momentum = rule.momentum();
    running[at] = (float) ((1 - momentum) * running[at] + momentum * batch);
  }

  private static float inverse(Normalization rule, double variance) {
    return (float) (1 / Math.sqrt(variance + rule.epsilon()));
  }

  /** Returns the running means and the inverses of the running variances. */
  static float[] fixed(Normalization rule, float[] running, int rows) {
    float[] fixed = running.clone();
    for (int i = BASE + rows; i < BASE + 2 * rows; i++) {
      fixed[i] = inverse(rule, running[i]);
    }
    return fixed;
  }

  /** Normalises with the given means and inverses. */
  static void apply(
      float[] parameters, float[] statistics, PixelAccess in, boolean relu, PixelAccess out) {
    int rows = in.tensor().rows();
    out.write(
        (row, image, y, x) -> {
          Row of = Row.of(parameters, statistics, rows, row);
          double result = of.output(in.get(row, image, y, x));
          return relu ? Math.max(result, 0) : result;
        });
  }

  static void gradient(
      float[] parameters,
      float[] saved,
      PixelAccess in,
      boolean relu,
      PixelAccess dOut,
      PixelAccess dIn,
      float[] gradient) {
    int rows = in.tensor().rows();
    int n = in.pixels();
    double[] ofGamma = new double[rows];
    double[] ofBeta = new double[rows];
    PixelAccess.Value d =
        (row, image, y, x) -> {
          double output = Row.of(parameters, saved, rows, row).output(in.get(row, image, y, x));
          return relu && output <= 0 ? 0 : dOut.get(row, image, y, x);
        };
    in.each(
        (row, image, y, x) -> {
          Row of = Row.of(parameters, saved, rows, row);
          ofGamma[row] += d.at(row, image, y, x) * of.normalized(in.get(row, image, y, x));
          ofBeta[row] += d.at(row, image, y, x);
        });
    for (int row = 0; row < rows; row++) {
      gradient[BASE + row] = (float) ofGamma[row];
      gradient[BASE + rows + row] = (float) ofBeta[row];
    }
    dIn.write(
        (row, image, y, x) -> {
          Row of = Row.of(parameters, saved, rows, row);
          double normalized = of.normalized(in.get(row, image, y, x));
          double viaStatistics = (ofBeta[row] + normalized * ofGamma[row]) / n;
          return of.gamma * of.inverse * (d.at(row, image, y, x) - viaStatistics);
        });
  }

  /** What normalises a row. */
  private record Row(double mean, double inverse, double gamma, double beta) {

    static Row of(float[] parameters, float[] statistics, int rows, int row) {
      return new Row(
          statistics[BASE + row],
          statistics[BASE + rows + row],
          parameters[BASE + row],
          parameters[BASE + rows + row]);
    }

    double normalized(double x) {
      return (x - mean) * inverse;
    }

    double output(double x) {
      return gamma * normalized(x) + beta;
    }
  }
}
