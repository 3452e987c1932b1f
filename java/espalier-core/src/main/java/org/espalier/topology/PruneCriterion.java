/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.topology;

import org.espalier.backend.PruneScore;

/** Which connections an update prunes. */
public sealed interface PruneCriterion {

  /** Tells whether it reads the gradient of a batch. */
  default boolean needsGradients() {
    return false;
  }

  /** The smallest magnitudes. */
  record Magnitude() implements PruneCriterion {}

  /**
   * The positive values nearest to zero and, separately, the negative ones, the same fraction of
   * each rounded down (SET, Mocanu et al. 2018). Zero counts as positive. Only layer by layer.
   */
  record Signwise() implements PruneCriterion {}

  /** The smallest scores by a formula. */
  record Scored(PruneScore score) implements PruneCriterion {

    @Override
    public boolean needsGradients() {
      return score.kind().readsGradient();
    }
  }
}
