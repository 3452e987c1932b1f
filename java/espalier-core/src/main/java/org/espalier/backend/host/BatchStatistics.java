/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend.host;

import static org.espalier.backend.host.HostBuffer.BASE;

import org.espalier.backend.Normalization;

/**
 * The statistics of batch normalisation from sums over a row's pixels.
 *
 * <p>The sums are of {@code x - shift} and of its square, where the shift is the mean of a block,
 * the first of m. The variance is at least {@code (shift - mean)^2 / m} then, so the subtraction in
 * {@link #save} loses no more than a factor of m of the precision, however far the mean is from 0.
 */
public final class BatchStatistics {

  private BatchStatistics() {}

  /**
   * Saves mean and inverse of a row and moves its running statistics.
   *
   * @param sum of all {@code x - shift}
   * @param squares sum of their squares
   */
  public static void save(
      Normalization rule,
      int pixels,
      double shift,
      double sum,
      double squares,
      int row,
      int rows,
      float[] running,
      float[] saved) {
    double deviations = Math.max(squares - sum * sum / pixels, 0); // NaN stays
    double mean = shift + sum / pixels;
    saved[BASE + row] = (float) mean;
    saved[BASE + rows + row] = inverse(rule, deviations / pixels);
    move(rule, running, BASE + row, mean);
    move(rule, running, BASE + rows + row, deviations / Math.max(pixels - 1, 1));
  }

  private static void move(Normalization rule, float[] running, int at, double batch) {
    double momentum = rule.momentum();
    running[at] = (float) ((1 - momentum) * running[at] + momentum * batch);
  }

  /** Returns what pixels of such a variance are multiplied with. */
  public static float inverse(Normalization rule, double variance) {
    return (float) (1 / Math.sqrt(variance + rule.epsilon()));
  }
}
