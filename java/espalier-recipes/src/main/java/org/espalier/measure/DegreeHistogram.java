/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.measure;

import java.util.Arrays;

/**
 * How often each degree occurs, without the neurons that have no connection, which no power law
 * knows.
 *
 * @param values degrees, ascending, all above 0
 * @param counts neurons of each degree
 * @param neurons all of them together
 */
record DegreeHistogram(int[] values, int[] counts, int neurons) {

  /** Counts degrees. */
  static DegreeHistogram of(int[] degrees) {
    int[] sorted = degrees.clone();
    Arrays.sort(sorted);
    int[] values = new int[sorted.length];
    int[] counts = new int[sorted.length];
    int distinct = 0;
    int neurons = 0;
    for (int degree : sorted) {
      if (degree == 0) {
        continue;
      }
      if (distinct == 0 || values[distinct - 1] != degree) {
        values[distinct++] = degree;
      }
      counts[distinct - 1]++;
      neurons++;
    }
    return new DegreeHistogram(
        Arrays.copyOf(values, distinct), Arrays.copyOf(counts, distinct), neurons);
  }

  /** Returns the part with degrees from {@code values[first]} on. */
  DegreeHistogram tail(int first) {
    int[] tail = Arrays.copyOfRange(counts, first, counts.length);
    return new DegreeHistogram(
        Arrays.copyOfRange(values, first, values.length), tail, Arrays.stream(tail).sum());
  }
}
