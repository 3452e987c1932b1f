/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.run;

import org.espalier.measure.ScaleFreeness;

/**
 * How connections spread over the neurons of one side of a layer, in summary.json.
 *
 * @param min fewest connections of a neuron
 * @param max most connections of a neuron
 * @param mean connections of a neuron
 * @param deviation standard deviation over the neurons
 * @param randomDeviation the same if the connections had been drawn at random
 * @param unconnected neurons without any connection
 * @param powerLaw whether a power law describes the degrees
 */
public record DegreeSummary(
    int min,
    int max,
    double mean,
    double deviation,
    double randomDeviation,
    int unconnected,
    ScaleFreeness powerLaw) {

  /**
   * Summarises degrees.
   *
   * @param degrees connections of each neuron
   * @param possible connections a neuron can have at most
   * @param seed of the samples that the test of the power law draws
   */
  public static DegreeSummary of(int[] degrees, int possible, long seed) {
    DegreeStatistics statistics = DegreeStatistics.of(degrees, possible);
    return new DegreeSummary(
        statistics.min(),
        statistics.max(),
        statistics.mean(),
        statistics.deviation(),
        statistics.randomDeviation(),
        statistics.unconnected(),
        ScaleFreeness.of(degrees, seed));
  }
}
