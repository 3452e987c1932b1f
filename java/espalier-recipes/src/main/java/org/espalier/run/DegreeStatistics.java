/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.run;

/**
 * How connections spread over the neurons of one side of a layer, and how they would if they were
 * drawn at random (Erdos-Renyi).
 *
 * @param neurons on this side
 * @param possible connections a neuron can have at most: the neurons of the other side
 * @param min fewest connections of a neuron
 * @param max most connections of a neuron
 * @param mean connections of a neuron
 * @param deviation standard deviation over the neurons
 * @param unconnected neurons without any connection
 * @param counts {@code counts[d]} neurons have d connections; {@code max + 1} numbers
 */
public record DegreeStatistics(
    int neurons,
    int possible,
    int min,
    int max,
    double mean,
    double deviation,
    int unconnected,
    int[] counts) {

  /**
   * Counts degrees.
   *
   * @param degrees connections of each neuron; at least one neuron
   * @param possible connections a neuron can have at most
   */
  public static DegreeStatistics of(int[] degrees, int possible) {
    int min = Integer.MAX_VALUE;
    int max = 0;
    double sum = 0;
    for (int degree : degrees) {
      min = Math.min(min, degree);
      max = Math.max(max, degree);
      sum += degree;
    }
    double mean = sum / degrees.length;
    int[] counts = new int[max + 1];
    double squares = 0;
    for (int degree : degrees) {
      counts[degree]++;
      squares += (degree - mean) * (degree - mean);
    }
    return new DegreeStatistics(
        degrees.length,
        possible,
        min,
        max,
        mean,
        Math.sqrt(squares / degrees.length),
        counts[0],
        counts);
  }

  /** Returns the fewest connections that are enough for this share of the neurons. */
  public int quantile(double share) {
    long seen = 0;
    for (int d = 0; d < max; d++) {
      seen += counts[d];
      if (seen >= share * neurons) {
        return d;
      }
    }
    return max;
  }

  private double density() {
    return mean / possible;
  }

  /**
   * Returns the standard deviation of degrees if as many connections were drawn at random: that of
   * a binomial distribution, which for sparse layers is the Poisson one, the root of the mean.
   */
  public double randomDeviation() {
    return Math.sqrt(mean * (1 - density()));
  }

  /**
   * Returns how many neurons would have d connections if as many were drawn at random.
   *
   * @param degrees how many numbers to return, for d from 0 on
   */
  public double[] randomCounts(int degrees) {
    double[] expected = new double[degrees];
    double p = density();
    if (p == 0 || p == 1) {
      int only = p == 0 ? 0 : possible;
      if (only < degrees) {
        expected[only] = neurons;
      }
      return expected;
    }
    double odds = Math.log(p) - Math.log1p(-p);
    double logProbability = possible * Math.log1p(-p); // of no connection at all
    for (int d = 0; d < degrees && d <= possible; d++) {
      expected[d] = neurons * Math.exp(logProbability);
      logProbability += Math.log((possible - d) / (d + 1.0)) + odds;
    }
    return expected;
  }
}
