/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.topology;

import java.util.List;

/** Rounds layer densities to connections so that their sum is right (largest remainders). */
final class WholeConnections {

  private WholeConnections() {}

  static long[] connections(List<LayerShape> layers, double[] densities) {
    double[] wanted = new double[densities.length];
    long[] counts = new long[densities.length];
    double sum = 0;
    long given = 0;
    for (int l = 0; l < counts.length; l++) {
      wanted[l] = densities[l] * layers.get(l).size();
      counts[l] = Math.max(1, Math.min(layers.get(l).size(), (long) wanted[l]));
      sum += wanted[l];
      given += counts[l];
    }
    long total = Math.max(Math.round(sum), counts.length);
    for (; given < total; given++) {
      int layer = furthest(layers, wanted, counts, 1);
      if (layer < 0) {
        break;
      }
      counts[layer]++;
    }
    for (; given > total; given--) {
      counts[furthest(layers, wanted, counts, -1)]--;
    }
    return counts;
  }

  /** Finds the layer that lacks most of a connection, or has most too many, and can change. */
  private static int furthest(
      List<LayerShape> layers, double[] wanted, long[] counts, int direction) {
    int found = -1;
    double most = 0;
    for (int l = 0; l < counts.length; l++) {
      double lacking = direction * (wanted[l] - counts[l]);
      boolean free = direction > 0 ? counts[l] < layers.get(l).size() : counts[l] > 1;
      if (free && (found < 0 || lacking > most)) {
        found = l;
        most = lacking;
      }
    }
    return found;
  }
}
