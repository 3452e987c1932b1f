/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.nn;

import org.espalier.backend.Activation;

/** One layer of a {@link NetworkSpec}: what it is, not yet what it holds. */
public sealed interface LayerSpec {

  /**
   * Fully connected.
   *
   * @param outputs number of neurons
   * @param sparse whether it holds only some of its connections
   */
  record Linear(int outputs, boolean sparse) implements LayerSpec {

    /** Checks the width. */
    public Linear {
      if (outputs < 1) {
        throw new IllegalArgumentException(
            "a layer of " + outputs + " neurons; expected at least 1");
      }
    }
  }

  /** Activation without parameters. */
  record Act(Activation activation) implements LayerSpec {}

  /** SReLU, learned for each neuron. */
  record Srelu() implements LayerSpec {}

  /**
   * Dropout.
   *
   * @param rate share of neurons silenced in training, in [0, 1)
   */
  record Drop(float rate) implements LayerSpec {

    /** Checks the rate. */
    public Drop {
      if (!(rate >= 0 && rate < 1)) {
        throw new IllegalArgumentException("dropout rate is " + rate + "; expected in [0, 1)");
      }
    }
  }
}
