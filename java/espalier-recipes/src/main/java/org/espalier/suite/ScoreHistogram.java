/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.suite;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * Scores of two sets in bins of equal width.
 *
 * @param low where the first bin starts
 * @param high where the last bin ends
 * @param inside share of the test samples in each bin
 * @param outside share of the samples from elsewhere in each bin
 */
public record ScoreHistogram(double low, double high, List<Double> inside, List<Double> outside) {

  private static final int BINS = 40;

  /** Keeps copies of the lists. */
  public ScoreHistogram {
    inside = List.copyOf(inside);
    outside = List.copyOf(outside);
  }

  static ScoreHistogram of(double[] in, double[] out) {
    double low = both(in, out).min().orElseThrow();
    double high = both(in, out).max().orElseThrow();
    return new ScoreHistogram(low, high, shares(in, low, high), shares(out, low, high));
  }

  private static DoubleStream both(double[] in, double[] out) {
    return DoubleStream.concat(Arrays.stream(in), Arrays.stream(out));
  }

  private static List<Double> shares(double[] scores, double low, double high) {
    int[] counts = new int[BINS];
    for (double score : scores) {
      int bin = high > low ? (int) (BINS * ((score - low) / (high - low))) : 0;
      counts[Math.min(BINS - 1, bin)]++;
    }
    List<Double> shares = new ArrayList<>();
    for (int count : counts) {
      shares.add(count / (double) scores.length);
    }
    return shares;
  }
}
