/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.topology;

/** Where an update grows connections; candidates are all cells without one after pruning. */
public sealed interface GrowthCriterion {

  /** Tells whether it reads the activations and gradients of a batch. */
  default boolean needsGradients() {
    return false;
  }

  /** Anywhere, uniformly. */
  record Random() implements GrowthCriterion {}

  /** Where the gradient of the dense layer is largest (RigL, Evci et al. 2020). */
  record Gradient() implements GrowthCriterion {

    @Override
    public boolean needsGradients() {
      return true;
    }
  }

  /**
   * Where the momentum of the gradient is largest (SNFS, Dettmers and Zettlemoyer 2019), without
   * the momentum of a dense layer: after each update as many cells without a connection as there
   * are connections are drawn at random, and until the next update the momentum of their gradients
   * is kept up at every step, which costs as much as the weight gradient of the layer does, and
   * three numbers a candidate. Connections pruned at an update are not candidates of that update.
   *
   * @param momentum factor of the momentum at every step, in [0, 1)
   */
  record Momentum(double momentum) implements GrowthCriterion {

    /** Checks the factor. */
    public Momentum {
      if (!(momentum >= 0 && momentum < 1)) {
        throw new IllegalArgumentException("momentum is " + momentum + "; expected in [0, 1)");
      }
    }
  }

  /**
   * Anywhere where there never was a connection; when such cells run out, anywhere (ITOP, Liu et
   * al. 2021). Remembers all cells that ever had one.
   */
  record Unfired() implements GrowthCriterion {}

  /**
   * A share by gradient, the rest at random.
   *
   * @param gradientShare in [0, 1], rounded down to whole connections
   */
  record Mixed(double gradientShare) implements GrowthCriterion {

    /** Checks the share. */
    public Mixed {
      if (!(gradientShare >= 0 && gradientShare <= 1)) {
        throw new IllegalArgumentException(
            "share grown by gradient is " + gradientShare + "; expected in [0, 1]");
      }
    }

    @Override
    public boolean needsGradients() {
      return true;
    }
  }
}
