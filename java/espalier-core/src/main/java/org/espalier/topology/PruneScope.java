/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.topology;

/**
 * Among which connections a criterion chooses.
 *
 * @param global whether among those of all layers together rather than of each layer
 * @param leastFanIn connections for each output that global pruning leaves a layer on average, as
 *     far as it has them; so no layer loses all
 */
public record PruneScope(boolean global, double leastFanIn) {

  /** Each layer for itself. */
  public static final PruneScope LAYER = new PruneScope(false, 0);

  /** All layers together; one connection for each output is left. */
  public static final PruneScope GLOBAL = new PruneScope(true, 1);

  /** Checks the floor. */
  public PruneScope {
    if (!(leastFanIn >= 0 && leastFanIn < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("least fan-in is " + leastFanIn + "; expected at least 0");
    }
  }

  /** Checks that a criterion can choose in this scope. */
  void check(PruneCriterion criterion) {
    if (global && criterion instanceof PruneCriterion.Signwise) {
      throw new IllegalArgumentException(
          "pruning by sign over all layers together; expected layer by layer");
    }
  }

  /** Returns how many of a layer's connections are left at least. */
  long floor(int outputs, long connections) {
    return Math.min(connections, (long) Math.ceil(leastFanIn * outputs));
  }
}
