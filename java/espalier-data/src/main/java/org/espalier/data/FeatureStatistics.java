/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data;

import java.util.Arrays;
import org.espalier.data.table.FeatureTable;

/**
 * Mean, variance and range of each feature over some rows. Means and squared deviations of blocks
 * of rows are merged one after the other (Chan, Golub and LeVeque 1979), which takes one pass and
 * loses no digits where the mean is large.
 *
 * @param variance mean squared deviation (divided by the number of rows)
 */
record FeatureStatistics(double[] mean, double[] variance, float[] min, float[] max) {

  private static final int BLOCK = 64;
  private static final int BLOCK_VALUES = 1 << 24;

  /** Returns the statistics of at least one row. */
  static FeatureStatistics of(FeatureTable table, int[] rows) {
    int features = table.features();
    int block = Math.max(1, Math.min(BLOCK, BLOCK_VALUES / features));
    float[] values = new float[features * block];
    double[] mean = new double[features];
    double[] squares = new double[features];
    float[] min = new float[features];
    float[] max = new float[features];
    Arrays.fill(min, Float.POSITIVE_INFINITY);
    Arrays.fill(max, Float.NEGATIVE_INFINITY);
    double[] blockMean = new double[features];
    double[] blockSquares = new double[features];
    for (int done = 0; done < rows.length; done += block) {
      int count = Math.min(block, rows.length - done);
      Arrays.fill(blockMean, 0);
      Arrays.fill(blockSquares, 0);
      for (int i = 0; i < count; i++) {
        int at = i * features;
        table.read(rows[done + i], 0, features, values, at);
        for (int f = 0; f < features; f++) {
          blockMean[f] += values[at + f];
          min[f] = Math.min(min[f], values[at + f]);
          max[f] = Math.max(max[f], values[at + f]);
        }
      }
      for (int f = 0; f < features; f++) {
        blockMean[f] /= count;
      }
      for (int i = 0; i < count; i++) {
        for (int f = 0; f < features; f++) {
          double deviation = values[i * features + f] - blockMean[f];
          blockSquares[f] += deviation * deviation;
        }
      }
      double total = done + count;
      for (int f = 0; f < features; f++) {
        double delta = blockMean[f] - mean[f];
        mean[f] += delta * count / total;
        squares[f] += blockSquares[f] + delta * delta * done * count / total;
      }
    }
    for (int f = 0; f < features; f++) {
      squares[f] /= rows.length;
    }
    return new FeatureStatistics(mean, squares, min, max);
  }
}
