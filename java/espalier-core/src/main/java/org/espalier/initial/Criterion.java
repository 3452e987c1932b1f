/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.initial;

import java.util.List;
import org.espalier.nn.Network;
import org.espalier.nn.NetworkSpec;

/** Ranks the connections of a network that has not been trained. */
public interface Criterion {

  /**
   * Scores every connection; the highest stay. The network's weights may be changed.
   *
   * @return for each sparse layer, input first, a score for each connection in canonical order
   * @throws org.espalier.UserException if there are no scores to rank by
   */
  List<float[]> scores(Network network);

  /** Returns how many positions the network must be able to take at once. */
  default int positions() {
    return 1;
  }

  /** Returns in how many rounds of scoring and pruning the density comes down. */
  default int rounds() {
    return 1;
  }

  /** Returns the network to score in place of one; its linear layers are the same. */
  default NetworkSpec scored(NetworkSpec spec) {
    return spec;
  }
}
