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
    float[] ones = new float[features];
    Arrays.fill(ones, 1);
    float[] zeros = new float[features];
    int block = Math.max(1, Math.min(BLOCK, BLOCK_VALUES / features));
    float[] values = new float[features * block];
    double[] mean = new double[features];
    double[] squares = new double[features];
    float[] min = new float[features];
    float[] max = new float[features];
    Arrays.fill(min, Float.POSITIVE_INFINITY);
    Arrays.fill(max, Float.NEGATIVE_INFINITY);
    for (int done = 0; done < rows.length; done += block) {
      int count = Math.min(block, rows.length - done);
      int[] batch = Arrays.copyOfRange(rows, done, done + count);
      table.gather(batch, count, 0, features, ones, zeros, values, 0, block);
      for (int f = 0; f < features; f++) {
        int from = f * block;
        double sum = 0;
        for (int i = from; i < from + count; i++) {
          sum += values[i];
          min[f] = Math.min(min[f], values[i]);
          max[f] = Math.max(max[f], values[i]);
        }
        double blockMean = sum / count;
        double blockSquares = 0;
        for (int i = from; i < from + count; i++) {
          double deviation = values[i] - blockMean;
          blockSquares += deviation * deviation;
        }
        double delta = blockMean - mean[f];
        double total = done + count;
        mean[f] += delta * count / total;
        squares[f] += blockSquares + delta * delta * done * count / total;
      }
    }
    for (int f = 0; f < features; f++) {
      squares[f] /= rows.length;
    }
    return new FeatureStatistics(mean, squares, min, max);
  }
}
