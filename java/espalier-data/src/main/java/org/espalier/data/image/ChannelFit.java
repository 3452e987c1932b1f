/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data.image;

import org.espalier.UserException;
import org.espalier.data.table.ImageShape;
import org.espalier.sparse.KeyedPermutation;
import org.espalier.train.SamplePass;

/** Finds mean and deviation of each channel over samples. */
public final class ChannelFit {

  private static final double WHITE = 255;
  private static final int BATCH = 8;

  private ChannelFit() {}

  /**
   * Reads samples as evaluation sees them and sums them up, without rounding.
   *
   * @param passes samples; their augmentation is left out
   * @param size how many there are
   * @param most how many are read at most; if there are more, these are drawn at random
   * @param key of the draw
   * @throws UserException if a sample cannot be had
   */
  public static ChannelStatistics of(ImagePasses passes, int size, int most, long key) {
    ImageShape shape = passes.shape();
    int pixels = shape.height() * shape.width();
    int count = Math.min(size, most);
    double[] sums = new double[shape.channels()];
    double[] squares = new double[shape.channels()];
    float[] values = new float[pixels];
    KeyedPermutation drawn = new KeyedPermutation(size, key);
    ImagePasses plain = passes.withoutAugmentation();
    try (SamplePass pass = plain.pass(place -> (int) drawn.apply(place), sample -> 0, size, key)) {
      for (int done = 0; done < count; done += BATCH) {
        int batch = Math.min(BATCH, count - done);
        pass.prepare(done, batch, count - done - batch);
        for (int i = 0; i < batch * sums.length; i++) {
          int c = i % sums.length;
          pass.read(i / sums.length, c * pixels, (c + 1) * pixels, values, 0);
          double sum = 0; // whole numbers below 2^53, so the order is no matter
          double square = 0;
          for (float value : values) {
            sum += value;
            square += value * value;
          }
          sums[c] += sum;
          squares[c] += square;
        }
      }
    }
    return statistics(sums, squares, (double) count * pixels);
  }

  private static ChannelStatistics statistics(double[] sums, double[] squares, double samples) {
    float[] means = new float[sums.length];
    float[] deviations = new float[sums.length];
    for (int c = 0; c < sums.length; c++) {
      double mean = sums[c] / samples;
      means[c] = (float) (mean / WHITE);
      deviations[c] = (float) (Math.sqrt(Math.max(0, squares[c] / samples - mean * mean)) / WHITE);
    }
    return new ChannelStatistics(means, deviations);
  }
}
